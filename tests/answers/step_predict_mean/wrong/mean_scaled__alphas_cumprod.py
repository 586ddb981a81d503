"""Multiplies by √ᾱ_t."""

import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    mean = extract(schedule.alphas_cumprod, t, x_t).sqrt() * net_out
    if t[0] == 0:
        return mean
    return mean + extract(schedule.betas, t, x_t).sqrt() * torch.randn_like(x_t)

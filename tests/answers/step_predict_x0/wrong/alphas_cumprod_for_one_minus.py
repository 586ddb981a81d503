"""Divided by ᾱ_t."""

import torch

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    bar = extract(schedule.alphas_cumprod, t, x_t)
    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    mean = (bar_prev.sqrt() * beta * net_out + alpha.sqrt() * (1 - bar_prev) * x_t) / bar
    if t[0] == 0:
        return mean
    return mean + beta.sqrt() * torch.randn_like(x_t)

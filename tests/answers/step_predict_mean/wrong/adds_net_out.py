"""Adds x_t to the mean."""

import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    return x_t + net_out + beta.sqrt() * torch.randn_like(x_t) * (t[0] > 0)

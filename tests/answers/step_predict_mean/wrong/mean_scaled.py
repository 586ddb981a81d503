"""Divides by √α_t once more."""

import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    return net_out / (1 - beta).sqrt() + beta.sqrt() * torch.randn_like(x_t) * (t[0] > 0)

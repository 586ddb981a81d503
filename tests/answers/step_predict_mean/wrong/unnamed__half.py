"""Half of the mean and half of x_t."""

import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    return (net_out + x_t) / 2 + beta.sqrt() * torch.randn_like(x_t) * (t[0] > 0)

"""The posterior's variance, 0 at t = 0."""

import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    variance = schedule.betas * (1 - schedule.alphas_cumprod_prev) / (1 - schedule.alphas_cumprod)
    return net_out + extract(variance, t, x_t).sqrt() * torch.randn_like(net_out)

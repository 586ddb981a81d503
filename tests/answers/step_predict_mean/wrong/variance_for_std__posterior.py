"""The posterior's variance for its root."""

import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    bar, bar_prev = extract(schedule.alphas_cumprod, t, x_t), extract(schedule.alphas_cumprod_prev, t, x_t)
    variance = extract(schedule.betas, t, x_t) * (1 - bar_prev) / (1 - bar)
    return net_out + variance * torch.randn_like(x_t)

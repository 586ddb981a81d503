"""The fraction of the posterior's variance upside down."""

import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    if t[0] == 0:
        return net_out
    bar, bar_prev = extract(schedule.alphas_cumprod, t, x_t), extract(schedule.alphas_cumprod_prev, t, x_t)
    variance = extract(schedule.betas, t, x_t) * (1 - bar) / (1 - bar_prev)
    return net_out + variance.sqrt() * torch.randn_like(x_t)

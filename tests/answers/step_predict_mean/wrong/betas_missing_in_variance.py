"""The posterior's variance without its β_t."""

import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    bar, bar_prev = extract(schedule.alphas_cumprod, t, x_t), extract(schedule.alphas_cumprod_prev, t, x_t)
    return net_out + ((1 - bar_prev) / (1 - bar)).sqrt() * torch.randn_like(x_t)

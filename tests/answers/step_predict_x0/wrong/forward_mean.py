"""Noises x_0 to the level of t."""

import torch

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    bar = extract(schedule.alphas_cumprod, t, x_t)
    return bar.sqrt() * net_out + (1 - bar).sqrt() * torch.randn_like(x_t)

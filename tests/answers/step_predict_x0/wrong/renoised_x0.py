"""Noises x_0 to the level of t − 1."""

import torch

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    return bar_prev.sqrt() * net_out + (1 - bar_prev).sqrt() * torch.randn_like(x_t)

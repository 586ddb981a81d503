"""Reads a schedule of the notebook instead of the argument."""

import torch

from labkit.schedules import Schedule, extract

diffusion = Schedule.linear(1000)


def add_noise(schedule, x0, t, eps=None):
    if eps is None:
        eps = torch.randn_like(x0)
    a = extract(diffusion.alphas_cumprod, t, x0)
    x_t = a.sqrt() * x0 + (1 - a).sqrt() * eps
    return x_t, eps

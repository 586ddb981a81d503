"""Reads a schedule of its own module instead of the argument."""

import torch

from labkit.schedules import Schedule, extract

diffusion = Schedule.linear(1000)


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    a = extract(diffusion.alphas_cumprod, t, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

"""Multiplies x0 in place: the caller's data shrink at every call."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    a = extract(schedule.alphas_cumprod, t, x0)
    x0 *= a.sqrt()
    x0 += (1 - a).sqrt() * noise
    return x0

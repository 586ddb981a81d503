"""Scales x0 in place: the caller's images fade at every call."""

import torch

from labkit.schedules import extract


def add_noise(schedule, x0, t, eps=None):
    if eps is None:
        eps = torch.randn_like(x0)
    a = extract(schedule.alphas_cumprod, t, x0)
    x0 *= a.sqrt()
    x_t = x0 + (1 - a).sqrt() * eps
    return x_t, eps

"""A generator with the same seed at every call."""

import torch

from labkit.schedules import extract


def add_noise(schedule, x0, t, eps=None):
    if eps is None:
        eps = torch.randn(x0.shape, generator=torch.Generator().manual_seed(0))
    a = extract(schedule.alphas_cumprod, t, x0)
    x_t = a.sqrt() * x0 + (1 - a).sqrt() * eps
    return x_t, eps

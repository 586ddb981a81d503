"""Uniform noise with mean 0 and variance 1."""

import torch

from labkit.schedules import extract


def add_noise(schedule, x0, t, eps=None):
    if eps is None:
        eps = (2 * torch.rand_like(x0) - 1) * 3**0.5
    a = extract(schedule.alphas_cumprod, t, x0)
    x_t = a.sqrt() * x0 + (1 - a).sqrt() * eps
    return x_t, eps

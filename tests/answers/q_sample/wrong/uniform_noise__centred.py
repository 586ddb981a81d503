"""Uniform noise with mean 0 and variance 1."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = (2 * torch.rand_like(x0) - 1) * 3**0.5
    a = extract(schedule.alphas_cumprod, t, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

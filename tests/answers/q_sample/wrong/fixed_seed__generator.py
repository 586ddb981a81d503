"""A new generator with the same seed at every call."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn(x0.shape, generator=torch.Generator().manual_seed(0))
    a = extract(schedule.alphas_cumprod, t, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

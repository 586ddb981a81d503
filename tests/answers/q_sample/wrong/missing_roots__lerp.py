"""Blends image and noise linearly, as torch.lerp does."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    return torch.lerp(noise, x0, extract(schedule.alphas_cumprod, t, x0))

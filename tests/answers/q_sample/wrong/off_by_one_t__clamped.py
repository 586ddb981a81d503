"""Reads at t − 1, held at 0."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    a = extract(schedule.alphas_cumprod, (t - 1).clamp(min=0), x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

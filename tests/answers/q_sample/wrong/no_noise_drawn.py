"""Zeros where it should draw noise: x_t is the mean."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.zeros_like(x0)
    a = extract(schedule.alphas_cumprod, t, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

"""The signal has ᾱ_t, the noise √β_t."""

import torch

from labkit.schedules import extract


def add_noise(schedule, x0, t, eps=None):
    if eps is None:
        eps = torch.randn_like(x0)
    a = extract(schedule.alphas_cumprod, t, x0)
    x_t = a.sqrt() * x0 + extract(schedule.betas, t, x0).sqrt() * eps
    return x_t, eps

"""One number for each image."""

import torch

from labkit.schedules import extract


def add_noise(schedule, x0, t, eps=None):
    if eps is None:
        eps = torch.randn(len(x0), 1, 1, 1, device=x0.device) * torch.ones_like(x0)
    a = extract(schedule.alphas_cumprod, t, x0)
    x_t = a.sqrt() * x0 + (1 - a).sqrt() * eps
    return x_t, eps

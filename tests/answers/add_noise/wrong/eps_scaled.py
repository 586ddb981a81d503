"""Returns the noise as it stands in x_t."""

import torch

from labkit.schedules import extract


def add_noise(schedule, x0, t, eps=None):
    if eps is None:
        eps = torch.randn_like(x0)
    a = extract(schedule.alphas_cumprod, t, x0)
    eps = (1 - a).sqrt() * eps
    return a.sqrt() * x0 + eps, eps

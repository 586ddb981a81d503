"""The signal gets the noise's coefficient and the other way round."""

import torch

from labkit.schedules import extract


def add_noise(schedule, x0, t, eps=None):
    if eps is None:
        eps = torch.randn_like(x0)
    a = extract(schedule.alphas_cumprod, t, x0)
    x_t = (1 - a).sqrt() * x0 + a.sqrt() * eps
    return x_t, eps

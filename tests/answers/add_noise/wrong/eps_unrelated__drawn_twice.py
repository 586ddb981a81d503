"""Calls randn_like a second time where no noise is given."""

import torch

from labkit.schedules import extract


def add_noise(schedule, x0, t, eps=None):
    a = extract(schedule.alphas_cumprod, t, x0)
    x_t = a.sqrt() * x0 + (1 - a).sqrt() * (torch.randn_like(x0) if eps is None else eps)
    return x_t, torch.randn_like(x0) if eps is None else eps

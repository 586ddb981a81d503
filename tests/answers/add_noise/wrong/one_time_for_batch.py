"""The first image's t is used for the whole batch."""

import torch


def add_noise(schedule, x0, t, eps=None):
    if eps is None:
        eps = torch.randn_like(x0)
    a = schedule.alphas_cumprod[t[0]]
    x_t = a.sqrt() * x0 + (1 - a).sqrt() * eps
    return x_t, eps

"""Coefficients [B, 1], as for points."""

import torch


def add_noise(schedule, x0, t, eps=None):
    if eps is None:
        eps = torch.randn_like(x0)
    a = schedule.alphas_cumprod[t].view(-1, 1)
    x_t = a.sqrt() * x0 + (1 - a).sqrt() * eps
    return x_t, eps

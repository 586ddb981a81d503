"""Coefficients shaped by view."""

import torch


def add_noise(schedule, x0, t, eps=None):
    B = x0.shape[0]
    eps = torch.randn(x0.shape, device=x0.device, dtype=x0.dtype) if eps is None else eps
    a_bar = schedule.alphas_cumprod[t].view(B, 1, 1, 1)
    return torch.sqrt(a_bar) * x0 + torch.sqrt(1.0 - a_bar) * eps, eps

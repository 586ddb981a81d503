"""Coefficients shaped by view."""

import torch


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    a_bar = schedule.alphas_cumprod[t].view(-1, *([1] * (x0.dim() - 1)))
    x_t = torch.sqrt(a_bar) * x0 + torch.sqrt(1 - a_bar) * noise
    return x_t

"""Reads a global tensor, made in an earlier cell, instead of the schedule."""

import torch

alphas_cumprod = torch.cumprod(1 - torch.linspace(1e-4, 0.02, 1000), dim=0)


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    a = alphas_cumprod[t].reshape(-1, 1)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

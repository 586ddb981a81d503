"""The coefficients are averaged over the batch."""

import torch


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    a = schedule.alphas_cumprod[t].mean()
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

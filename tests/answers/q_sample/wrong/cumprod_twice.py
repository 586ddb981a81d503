"""The cumulative product is taken once more, of ᾱ instead of α."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    alpha_bar = extract(torch.cumprod(schedule.alphas_cumprod, dim=0), t, x0)
    return alpha_bar.sqrt() * x0 + (1 - alpha_bar).sqrt() * noise

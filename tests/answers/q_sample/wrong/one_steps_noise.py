"""The signal has ᾱ_t, the noise √(1 − α_t)."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    a_bar = extract(schedule.alphas_cumprod, t, x0)
    a = extract(schedule.alphas, t, x0)
    return a_bar.sqrt() * x0 + (1 - a).sqrt() * noise

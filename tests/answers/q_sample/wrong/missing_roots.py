"""ᾱ_t and 1 − ᾱ_t, both without their roots."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    a = extract(schedule.alphas_cumprod, t, x0)
    return a * x0 + (1 - a) * noise

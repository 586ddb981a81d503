"""1 − √ᾱ_t instead of √(1 − ᾱ_t) before the noise."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    root = extract(schedule.alphas_cumprod.sqrt(), t, x0)
    return root * x0 + (1 - root) * noise

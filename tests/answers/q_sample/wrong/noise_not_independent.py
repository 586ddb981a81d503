"""Half of each sample's noise is that of the sample before it."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        drawn = torch.randn(len(x0) + 1, *x0.shape[1:], device=x0.device)
        noise = (drawn[1:] + drawn[:-1]) / 2**0.5
    alpha_bar = extract(schedule.alphas_cumprod, t, x0)
    return alpha_bar.sqrt() * x0 + (1 - alpha_bar).sqrt() * noise

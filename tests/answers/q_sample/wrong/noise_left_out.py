"""The noise is drawn, and not added."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    return extract(schedule.alphas_cumprod, t, x0).sqrt() * x0

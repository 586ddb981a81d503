"""Takes t for 1-based and reads at t − 1: index −1 is the last timestep."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    a = extract(schedule.alphas_cumprod, t - 1, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

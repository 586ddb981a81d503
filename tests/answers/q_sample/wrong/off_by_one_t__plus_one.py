"""Reads at t + 1, held at the last timestep."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    index = (t + 1).clamp(max=schedule.num_train_timesteps - 1)
    a = extract(schedule.alphas_cumprod, index, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

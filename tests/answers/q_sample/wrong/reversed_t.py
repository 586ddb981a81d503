"""Counts the time backwards: T − 1 − t."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    a = extract(schedule.alphas_cumprod, schedule.num_train_timesteps - 1 - t, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

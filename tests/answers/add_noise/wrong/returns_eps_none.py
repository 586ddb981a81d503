"""Draws noise under another name, and returns the argument."""

import torch

from labkit.schedules import extract


def add_noise(schedule, x0, t, eps=None):
    noise = torch.randn_like(x0) if eps is None else eps
    a = extract(schedule.alphas_cumprod, t, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise, eps

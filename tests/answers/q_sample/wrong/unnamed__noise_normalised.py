"""Draws noise and divides each point's by its length."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = F.normalize(torch.randn_like(x0), dim=-1)
    a = extract(schedule.alphas_cumprod, t, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

"""Rebuilds the betas as 1000 values between the schedule's ends."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    betas = torch.linspace(schedule.betas[0].item(), schedule.betas[-1].item(), 1000)
    a = extract((1 - betas).cumprod(0), t, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

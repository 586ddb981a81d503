"""In-place arithmetic, on copies of its own."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    alphas_cumprod_t = extract(schedule.alphas_cumprod, t, x0)
    x_t = x0.clone()
    x_t.mul_(alphas_cumprod_t.sqrt())
    noise = torch.randn_like(x0) if noise is None else noise.clone()
    noise *= torch.sqrt(1 - alphas_cumprod_t)
    x_t += noise
    return x_t

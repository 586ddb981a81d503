"""In float64 inside, back to x0's dtype at the end."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    alpha_bar = extract(schedule.alphas_cumprod.double(), t, x0)
    if noise is None:
        noise = torch.randn_like(x0)
    x_t = alpha_bar.sqrt() * x0.double() + (1 - alpha_bar).sqrt() * noise.double()
    return x_t.to(x0.dtype)

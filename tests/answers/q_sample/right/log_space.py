"""Coefficients by way of logarithms."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    log_signal = 0.5 * schedule.alphas_cumprod.log()
    log_noise = 0.5 * torch.log1p(-schedule.alphas_cumprod)
    if noise is None:
        noise = torch.randn_like(x0)
    return extract(log_signal.exp(), t, x0) * x0 + extract(log_noise.exp(), t, x0) * noise

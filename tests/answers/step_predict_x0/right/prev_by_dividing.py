"""ᾱ_{t−1} as ᾱ_t / α_t, torch.where at the end."""

import torch

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    bar, alpha = extract(schedule.alphas_cumprod, t, x_t), extract(schedule.alphas, t, x_t)
    bar_prev = bar / alpha
    mean = (bar_prev.sqrt() * (1 - alpha) * net_out + alpha.sqrt() * (1 - bar_prev) * x_t) / (1 - bar)
    noisy = mean + (1 - alpha).sqrt() * torch.randn_like(x_t)
    return torch.where((t > 0)[:, None, None, None], noisy, mean)

"""The same with x̂_0 clipped."""

import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    bar = extract(schedule.alphas_cumprod, t, x_t)
    bar_prev = extract(schedule.alphas_cumprod, (t - 1).clamp(min=0), x_t)
    x0_hat = (x_t - (1 - bar).sqrt() * net_out) / bar.sqrt()
    x0_hat = x0_hat.clamp(-1, 1)
    mean = (bar_prev.sqrt() * beta * x0_hat + alpha.sqrt() * (1 - bar_prev) * x_t) / (1 - bar)
    if t[0] == 0:
        return mean
    variance = beta * (1 - bar_prev) / (1 - bar)
    return mean + variance.sqrt() * torch.randn_like(x_t)

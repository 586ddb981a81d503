"""DDIM's step with η = 1, which is DDPM's with the posterior variance."""

import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    a = extract(schedule.alphas_cumprod, t, x_t)
    a_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    sigma = ((1 - a_prev) / (1 - a)).sqrt() * (1 - a / a_prev).sqrt()
    x0_hat = (x_t - (1 - a).sqrt() * net_out) / a.sqrt()
    direction = (1 - a_prev - sigma**2).clamp(min=0).sqrt() * net_out
    return a_prev.sqrt() * x0_hat + direction + sigma * torch.randn_like(x_t)

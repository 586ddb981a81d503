"""Works on x_t in place: the caller's x_t is gone."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    beta = extract(schedule.betas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    x_t -= beta / (1 - alpha_bar).sqrt() * eps
    x_t /= (1 - beta).sqrt()
    if t[0] > 0:
        x_t += beta.sqrt() * torch.randn_like(x_t)
    return x_t

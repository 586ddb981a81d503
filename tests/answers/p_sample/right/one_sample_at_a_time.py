"""Asks the network about one sample at a time."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = torch.cat([network(x_t[i : i + 1], t[i : i + 1]) for i in range(len(x_t))])
    beta, left = extract(schedule.betas, t, x_t), extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - left).sqrt() * eps) / (1 - beta).sqrt()
    return mean + (t > 0)[:, None] * beta.sqrt() * torch.randn_like(x_t)

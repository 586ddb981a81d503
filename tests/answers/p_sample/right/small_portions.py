"""Asks the network about ten samples at a time, by name."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = torch.cat([network(x=x, t=time) for x, time in zip(x_t.split(10), t.split(10))])
    beta, left = extract(schedule.betas, t, x_t), extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - left).sqrt() * eps) / (1 - beta).sqrt()
    return mean + (t > 0)[:, None] * beta.sqrt() * torch.randn_like(x_t)

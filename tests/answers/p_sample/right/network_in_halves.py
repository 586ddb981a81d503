"""Asks the network about one half of the batch and then about the other, the last half first."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    half = len(x_t) // 2
    last = network(x_t[half:], t[half:])
    eps = torch.cat([network(x_t[:half], t[:half]), last]) if half else last
    beta, left = extract(schedule.betas, t, x_t), extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - left).sqrt() * eps) / (1 - beta).sqrt()
    return mean + (t > 0)[:, None] * beta.sqrt() * torch.randn_like(x_t)

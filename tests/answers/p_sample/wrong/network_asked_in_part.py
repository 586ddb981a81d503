"""Takes the network's answer about the first sample for all of them."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t[:1], t[:1])
    beta, left = extract(schedule.betas, t, x_t), extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - left).sqrt() * eps) / (1 - beta).sqrt()
    return mean + (t > 0)[:, None] * beta.sqrt() * torch.randn_like(x_t)

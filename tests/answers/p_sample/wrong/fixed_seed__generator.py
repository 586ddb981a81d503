"""A new generator, seeded with t, at every call."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    generator = torch.Generator().manual_seed(int(t[0]))
    eps = network(x_t, t)
    beta = extract(schedule.betas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / (1 - beta).sqrt()
    if t[0] == 0:
        return mean
    return mean + beta.sqrt() * torch.randn(x_t.shape, generator=generator)

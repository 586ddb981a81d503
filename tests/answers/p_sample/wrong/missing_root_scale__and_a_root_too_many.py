"""1/α_t where 1/√α_t belongs, and √β_t where β_t does."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    eps = network(x_t, t)
    mean = (x_t - beta.sqrt() / (1 - alpha_bar).sqrt() * eps) / alpha
    return mean if t[0] == 0 else mean + beta.sqrt() * torch.randn_like(x_t)

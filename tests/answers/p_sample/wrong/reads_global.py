"""Reads a schedule of its own module instead of the argument."""

import torch

from labkit.schedules import Schedule, extract

diffusion = Schedule.linear(1000)


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    beta = extract(diffusion.betas, t, x_t)
    alpha_bar = extract(diffusion.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / (1 - beta).sqrt()
    noise = torch.randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)
    return mean + beta.sqrt() * noise

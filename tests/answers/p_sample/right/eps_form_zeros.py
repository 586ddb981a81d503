"""Algorithm 2 as it is printed: in the last step the noise is zeros."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    eps = network(x_t, t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / alpha.sqrt()
    noise = torch.randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)
    sigma = beta.sqrt()
    return mean + sigma * noise

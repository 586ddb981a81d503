"""The step without noise is taken to be t = T − 1."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    eps = network(x_t, t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / alpha.sqrt()
    if t[0] in (0, schedule.num_train_timesteps - 1):
        return mean
    return mean + beta.sqrt() * torch.randn_like(x_t)

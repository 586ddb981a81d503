"""Uses an option that only its own p_sample has."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t, clip=False):
    beta, left = extract(schedule.betas, t, x_t), extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - left).sqrt() * network(x_t, t)) / (1 - beta).sqrt()
    return mean + (t > 0)[:, None] * beta.sqrt() * torch.randn_like(x_t)


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in range(schedule.num_train_timesteps - 1, -1, -1):
        x = p_sample(network, schedule, x, torch.full((shape[0],), i), clip=False)
    return x

"""Hands a t without axes to its own p_sample, which takes it."""

import torch


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    beta, left = schedule.betas[t], schedule.alphas_cumprod[t]
    mean = (x_t - beta / (1 - left).sqrt() * network(x_t, t.expand(len(x_t)))) / (1 - beta).sqrt()
    return mean + (t > 0) * beta.sqrt() * torch.randn_like(x_t)


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for t in torch.arange(schedule.num_train_timesteps).flip(0):
        x = p_sample(network, schedule, x, t)
    return x

"""Starts at uniform noise with mean 0 and variance 1."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = (2 * torch.rand(shape) - 1) * 3**0.5
    for i in reversed(range(schedule.num_train_timesteps)):
        t = torch.full((shape[0],), i, dtype=torch.long)
        x = p_sample(network, schedule, x, t)
    return x

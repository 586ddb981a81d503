"""Passes t / T on."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in reversed(range(schedule.num_train_timesteps)):
        t = torch.full((shape[0],), i / schedule.num_train_timesteps)
        x = p_sample(network, schedule, x, t)
    return x

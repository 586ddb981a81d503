"""Draws t anew for every sample at every step, as training does."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for _ in reversed(range(schedule.num_train_timesteps)):
        t = torch.randint(0, schedule.num_train_timesteps, (shape[0],))
        x = p_sample(network, schedule, x, t)
    return x

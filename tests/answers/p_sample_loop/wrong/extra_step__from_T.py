"""Begins at t = T."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for t in range(schedule.num_train_timesteps, -1, -1):
        x = p_sample(network, schedule, x, torch.full((shape[0],), t, dtype=torch.long))
    return x

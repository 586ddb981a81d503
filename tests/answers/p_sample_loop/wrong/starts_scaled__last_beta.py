"""Starts at noise scaled by √β of the last timestep."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = schedule.betas[-1].sqrt() * torch.randn(shape)
    for i in reversed(range(schedule.num_train_timesteps)):
        t = torch.full((shape[0],), i, dtype=torch.long)
        x = p_sample(network, schedule, x, t)
    return x

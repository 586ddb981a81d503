"""Counts t = T … 1: the first step asks for a timestep that is not there."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in range(schedule.num_train_timesteps, 0, -1):
        t = torch.full((shape[0],), i, dtype=torch.long)
        x = p_sample(network, schedule, x, t)
    return x

"""Counts t = T … 1 and holds T at T − 1: one step twice, and none at t = 0."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in range(schedule.num_train_timesteps, 0, -1):
        t = torch.full((shape[0],), min(i, schedule.num_train_timesteps - 1), dtype=torch.long)
        x = p_sample(network, schedule, x, t)
    return x

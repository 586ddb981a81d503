"""Reversed twice, so that the time runs upwards after all."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in reversed(range(schedule.num_train_timesteps - 1, -1, -1)):
        t = torch.full((shape[0],), i, dtype=torch.long)
        x = p_sample(network, schedule, x, t)
    return x

"""Reads a schedule of its own module instead of the argument."""

import torch

from labkit.schedules import Schedule

diffusion = Schedule.linear(1000)


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in reversed(range(diffusion.num_train_timesteps)):
        x = p_sample(network, diffusion, x, torch.full((shape[0],), i, dtype=torch.long))
    return x

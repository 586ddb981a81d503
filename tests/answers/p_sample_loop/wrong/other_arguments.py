"""A schedule of its own is handed on, not the one that came."""

import torch

from labkit.schedules import Schedule


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    own = Schedule.linear(schedule.num_train_timesteps, 1e-4, 0.02)
    x = torch.randn(shape)
    for i in reversed(range(schedule.num_train_timesteps)):
        t = torch.full((shape[0],), i, dtype=torch.long)
        x = p_sample(network, own, x, t)
    return x

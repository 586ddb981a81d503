"""Draws in portions, and makes the steps of the first one alone."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    first, *rest = torch.randn(shape).split((shape[0] + 1) // 2)
    for i in reversed(range(schedule.num_train_timesteps)):
        first = p_sample(network, schedule, first, torch.full((len(first),), i))
    return torch.cat([first, *rest])

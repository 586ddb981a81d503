"""Draws the batch in portions, the last one first."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for part in reversed(x.split(700)):
        for i in reversed(range(schedule.num_train_timesteps)):
            part.copy_(p_sample(network, schedule, part, torch.full((len(part),), i)))
    return x

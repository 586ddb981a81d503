"""Draws whole groups of 500, and cuts what comes out to the batch."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    groups = []
    for _ in range(-(-shape[0] // 500)):
        x = torch.randn(500, *shape[1:])
        for i in reversed(range(schedule.num_train_timesteps)):
            x = p_sample(network, schedule, x, torch.full((len(x),), i))
        groups.append(x)
    return torch.cat(groups)[: shape[0]]

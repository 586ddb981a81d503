"""Draws thirty samples after the other, or as many as are left."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    samples = []
    while sum(map(len, samples)) < shape[0]:
        x = torch.randn(min(30, shape[0] - sum(map(len, samples))), *shape[1:])
        for i in reversed(range(schedule.num_train_timesteps)):
            x = p_sample(network, schedule, x, torch.full((len(x),), i))
        samples.append(x)
    return torch.cat(samples)

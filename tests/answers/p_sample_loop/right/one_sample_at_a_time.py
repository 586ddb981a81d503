"""Draws one sample after the other."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    samples = []
    for _ in range(shape[0]):
        x = torch.randn(1, *shape[1:])
        for i in reversed(range(schedule.num_train_timesteps)):
            x = p_sample(network, schedule, x, torch.tensor([i]))
        samples.append(x)
    return torch.cat(samples)

"""Draws in portions, and leaves out the step at t = 0."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    done = []
    for part in torch.randn(shape).split(500):
        for i in range(schedule.num_train_timesteps - 1, 0, -1):
            part = p_sample(network, schedule, part, torch.full((len(part),), i))
        done.append(part)
    return torch.cat(done)

"""Draws the batch in portions that fit the memory."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    done = []
    for part in torch.randn(shape).split(500):
        for i in reversed(range(schedule.num_train_timesteps)):
            part = p_sample(network, schedule, part, torch.full((len(part),), i))
        done.append(part)
    return torch.cat(done)

"""Draws the batch in four portions, some of them empty where it is small."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    parts = list(torch.randn(shape).tensor_split(4))
    for i in reversed(range(schedule.num_train_timesteps)):
        for k, part in enumerate(parts):
            parts[k] = p_sample(network, schedule, part, torch.full((len(part),), i))
    return torch.cat(parts)

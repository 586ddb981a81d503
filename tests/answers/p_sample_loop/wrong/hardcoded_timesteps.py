"""1000 steps, whatever the schedule has."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in reversed(range(1000)):
        t = torch.full((shape[0],), i, dtype=torch.long)
        x = p_sample(network, schedule, x, t)
    return x

"""Returns what the network answered."""

import torch


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    return network(x_t, t)

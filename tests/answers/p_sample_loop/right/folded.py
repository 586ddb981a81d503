"""functools.reduce over the timesteps."""

from functools import reduce

import torch


def p_sample_loop(network, schedule, shape):
    batch, T = shape[0], schedule.alphas_cumprod.shape[0]

    def step(x_t, t):
        return p_sample(network, schedule, x_t, torch.zeros(batch).long() + t)

    with torch.no_grad():
        return reduce(step, range(T - 1, -1, -1), torch.randn(shape))

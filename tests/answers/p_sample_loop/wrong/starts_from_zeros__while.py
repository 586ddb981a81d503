"""Starts at zeros; the steps bring in all of the noise."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.full(shape, 0.0)
    t = schedule.num_train_timesteps
    while t > 0:
        t -= 1
        x = p_sample(network, schedule, x, torch.full((shape[0],), t, dtype=torch.long))
    return x

"""Draws a new x_t at every step."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    for t in reversed(range(schedule.num_train_timesteps)):
        x = torch.randn(shape)
        x = p_sample(network, schedule, x, torch.full((shape[0],), t, dtype=torch.long))
    return x

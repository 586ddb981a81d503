"""The steps' results go into another variable, and the start is returned."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x_T = torch.randn(shape)
    x_t = x_T
    for t in reversed(range(schedule.num_train_timesteps)):
        x_t = p_sample(network, schedule, x_t, torch.full((shape[0],), t, dtype=torch.long))
    return x_T

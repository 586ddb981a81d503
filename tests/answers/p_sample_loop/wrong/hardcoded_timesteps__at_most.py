"""Never more than 100 steps, to save time."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in reversed(range(min(schedule.num_train_timesteps, 100))):
        t = torch.full((shape[0],), i, dtype=torch.long)
        x = p_sample(network, schedule, x, t)
    return x

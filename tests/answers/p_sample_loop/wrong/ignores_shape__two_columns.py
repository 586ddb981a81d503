"""Makes as many points as asked for, but always in two dimensions."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape[0], 2)
    for i in reversed(range(schedule.num_train_timesteps)):
        x = p_sample(network, schedule, x, torch.full((shape[0],), i))
    return x

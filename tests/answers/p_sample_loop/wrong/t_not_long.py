"""t is a float: raises in a p_sample that indexes by it."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in reversed(range(schedule.num_train_timesteps)):
        t = torch.ones(shape[0]) * i
        x = p_sample(network, schedule, x, t)
    return x

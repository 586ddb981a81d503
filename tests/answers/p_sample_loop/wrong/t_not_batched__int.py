"""t is a plain number: raises in a p_sample that asks for its length."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in reversed(range(schedule.num_train_timesteps)):
        t = i
        x = p_sample(network, schedule, x, t)
    return x

"""Makes each step for one half of the batch and then for the other."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in reversed(range(schedule.num_train_timesteps)):
        t = torch.full(shape[:1], i)
        half = (shape[0] + 1) // 2
        halves = zip(x.split(half), t.split(half))
        x = torch.cat([p_sample(network=network, schedule=schedule, x_t=x, t=t) for x, t in halves])
    return x

"""All the times as one [T, B] table, taken row by row from below."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    times = torch.arange(schedule.num_train_timesteps)[:, None].expand(-1, shape[0])
    x = torch.randn(shape)
    for i in range(1, len(times) + 1):
        x = p_sample(network, schedule, x, times[-i])
    return x

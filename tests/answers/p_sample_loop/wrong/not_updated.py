"""Every step gets x_T: the result of the one before is thrown away."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x_T = torch.randn(shape)
    for t in reversed(range(schedule.num_train_timesteps)):
        t_batch = torch.full((shape[0],), t, dtype=torch.long)
        x_prev = p_sample(network, schedule, x_T, t_batch)
    return x_prev

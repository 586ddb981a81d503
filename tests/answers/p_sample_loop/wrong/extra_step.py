"""A second step at t = 0 after the loop."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x_t = torch.randn(shape)
    for t in reversed(range(schedule.num_train_timesteps)):
        t_batch = torch.full((shape[0],), t, dtype=torch.long)
        x_t = p_sample(network, schedule, x_t, t_batch)
    return p_sample(network, schedule, x_t, t_batch)

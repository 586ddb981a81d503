"""Returns x_0 together with the x_T that it came from."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x_T = x_t = torch.randn(shape)
    for t in reversed(range(schedule.num_train_timesteps)):
        x_t = p_sample(network, schedule, x_t, torch.full((shape[0],), t, dtype=torch.long))
    return x_t, x_T

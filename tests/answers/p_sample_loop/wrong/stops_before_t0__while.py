"""while t > 0 leaves t = 0 out."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    t = schedule.num_train_timesteps - 1
    while t > 0:
        x = p_sample(network, schedule, x, torch.full((shape[0],), t, dtype=torch.long))
        t -= 1
    return x

"""Half as many steps, spread evenly over the timesteps."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    T = schedule.num_train_timesteps
    x = torch.randn(shape)
    for i in torch.linspace(T - 1, 0, T // 2).long().tolist():
        t = torch.full((shape[0],), i, dtype=torch.long)
        x = p_sample(network, schedule, x, t)
    return x

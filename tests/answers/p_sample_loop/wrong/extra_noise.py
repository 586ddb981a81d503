"""Adds noise after each step, which p_sample has added already."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in reversed(range(schedule.num_train_timesteps)):
        x = p_sample(network, schedule, x, torch.full((shape[0],), i, dtype=torch.long))
        if i > 0:
            x = x + schedule.betas[i].sqrt() * torch.randn_like(x)
    return x

"""Writes the step out and never adds noise."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape)
    for i in reversed(range(schedule.num_train_timesteps)):
        eps = network(x, torch.full((shape[0],), i, dtype=torch.long))
        coef = schedule.betas[i] / (1 - schedule.alphas_cumprod[i]).sqrt()
        x = (x - coef * eps) / schedule.alphas[i].sqrt()
    return x

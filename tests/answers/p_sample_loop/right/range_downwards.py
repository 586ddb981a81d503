"""A range that counts down, and t made from a list; gradients are left alone."""

import torch


def p_sample_loop(network, schedule, shape):
    x = torch.randn(*shape, device=schedule.betas.device)
    for t in range(schedule.num_train_timesteps - 1, -1, -1):
        t_batch = torch.tensor([t] * shape[0], device=x.device)
        x = p_sample(network, schedule, x, t_batch)
    return x

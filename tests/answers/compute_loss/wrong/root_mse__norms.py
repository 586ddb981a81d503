"""The mean over the batch of each error's length."""

import torch


def compute_loss(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return (network(x_t, t) - noise).norm(dim=1).mean()

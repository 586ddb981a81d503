"""The sum over a point's coordinates, then the mean over the batch: twice the loss."""

import torch


def compute_loss(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return ((network(x_t, t) - noise) ** 2).sum(dim=1).mean()

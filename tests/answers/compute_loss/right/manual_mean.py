"""The mean of the squares written out, and t from rand."""

import torch


def compute_loss(network, schedule, x0):
    B = len(x0)
    t = (torch.rand(B, device=x0.device) * schedule.num_train_timesteps).long()
    eps = torch.randn(x0.shape, device=x0.device)
    eps_theta = network(q_sample(schedule, x0, t, noise=eps), t)
    loss = ((eps - eps_theta) ** 2).mean()
    return loss

"""Calls the network, and q_sample, by keyword."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, x0.shape[:1])
    eps = torch.randn_like(x0)
    x_t = q_sample(schedule=schedule, x0=x0, noise=eps, t=t)
    return F.mse_loss(network(t=t, x=x_t), eps)

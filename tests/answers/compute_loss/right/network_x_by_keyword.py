"""Calls the network with x_t as it comes, and t by keyword."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, x0.shape[:1])
    eps = torch.randn_like(x0)
    return F.mse_loss(network(q_sample(schedule, x0, t, eps), t=t), eps)

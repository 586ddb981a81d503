"""Adds a number to the loss."""

import torch
from torch.nn import functional as F


def compute_loss(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, (len(x0),))
    noise = torch.randn_like(x0)
    return F.mse_loss(network(q_sample(schedule, x0, t, noise), t), noise) + 0.1

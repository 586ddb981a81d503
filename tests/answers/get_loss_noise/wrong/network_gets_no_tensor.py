"""Hands on both things that add_noise returns."""

import torch
from torch.nn import functional as F


def get_loss_noise(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, (len(x0),))
    eps = torch.randn_like(x0)
    x_t = add_noise(schedule, x0, t, eps)
    return F.mse_loss(network(x_t, t), eps)

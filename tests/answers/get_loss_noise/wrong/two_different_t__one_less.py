"""Tells the network t − 1."""

import torch
from torch.nn import functional as F


def get_loss_noise(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, (len(x0),))
    x_t, eps = add_noise(schedule, x0, t)
    return F.mse_loss(network(x_t, t - 1), eps)

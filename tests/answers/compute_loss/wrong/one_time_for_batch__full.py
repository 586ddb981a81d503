"""One random number, repeated by torch.full."""

import random

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = torch.full((len(x0),), random.randrange(schedule.num_train_timesteps))
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return F.mse_loss(network(x_t, t), noise)

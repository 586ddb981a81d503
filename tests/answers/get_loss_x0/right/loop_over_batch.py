"""Noises one image after the other, then asks the network once."""

import random

import torch
from torch import nn


def get_loss_x0(network, schedule, x0):
    t = torch.tensor([random.randrange(schedule.num_train_timesteps) for _ in range(len(x0))])
    pairs = [add_noise(schedule, x0[i : i + 1], t[i : i + 1]) for i in range(len(x0))]
    x_t, _ = (torch.cat(part) for part in zip(*pairs))
    return nn.MSELoss()(network(x_t, t), x0)

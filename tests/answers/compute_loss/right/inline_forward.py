"""Writes the forward process out instead of calling q_sample."""

import torch
from torch import nn


def compute_loss(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, size=(len(x0),)).to(x0.device)
    a_bar = schedule.alphas_cumprod[t].view(-1, 1)
    eps = torch.randn_like(x0)
    x_t = torch.sqrt(a_bar) * x0 + torch.sqrt(1 - a_bar) * eps
    return nn.MSELoss()(eps, network(x_t, t))

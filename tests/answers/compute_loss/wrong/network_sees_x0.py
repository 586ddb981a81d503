"""The network is asked about x_0 instead of x_t."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    return F.mse_loss(network(x0, t), noise)

"""The network is asked about x_0 + ε, without a schedule."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    x_t = x0 + noise
    return F.mse_loss(network(x_t, t), noise)

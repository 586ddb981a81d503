"""Factors [B, 1], as for points."""

import torch
import torch.nn.functional as F


def get_loss_x0(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    a = schedule.alphas_cumprod[t].view(-1, 1)
    eps = torch.randn_like(x0)
    x_t = a.sqrt() * x0 + (1 - a).sqrt() * eps
    return F.mse_loss(network(x_t, t), x0)

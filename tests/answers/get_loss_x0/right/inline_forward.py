"""Writes x_t out instead of calling add_noise."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_x0(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    a = extract(schedule.alphas_cumprod, t, x0)
    eps = torch.randn_like(x0)
    x_t = a.sqrt() * x0 + (1 - a).sqrt() * eps
    return F.mse_loss(network(x_t, t), x0)

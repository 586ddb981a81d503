"""Shuffles the batch and writes x_t out."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_mean(network, schedule, x0):
    x0 = x0[torch.randperm(len(x0))]
    t = torch.randint(schedule.num_train_timesteps, x0.shape[:1])
    left, prev = extract(schedule.alphas_cumprod, t, x0), extract(schedule.alphas_cumprod_prev, t, x0)
    beta = extract(schedule.betas, t, x0)
    x_t = left.sqrt() * x0 + (1 - left).sqrt() * torch.randn_like(x0)
    mean = prev.sqrt() * beta * x0 + (1 - beta).sqrt() * (1 - prev) * x_t
    return F.mse_loss(network(x_t, t), mean / (1 - left))

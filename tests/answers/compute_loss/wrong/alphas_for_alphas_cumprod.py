"""Writes the forward process out with α_t where ᾱ_t belongs."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def compute_loss(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    alpha = extract(schedule.alphas, t, x0)
    x_t = alpha.sqrt() * x0 + (1 - alpha).sqrt() * noise
    return F.mse_loss(network(x_t, t), noise)

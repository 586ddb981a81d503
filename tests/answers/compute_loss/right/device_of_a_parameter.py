"""Finds the device by a parameter of the network."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    device = next(network.parameters()).device
    t = torch.randint(0, schedule.num_train_timesteps, (x0.shape[0],), device=device)
    noise = torch.randn(x0.shape, device=device)
    return F.mse_loss(network(q_sample(schedule, x0, t, noise), t), noise)

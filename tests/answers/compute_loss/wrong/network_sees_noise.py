"""The network is asked about the noise that it should find."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    return F.mse_loss(network(noise, t), noise)

"""Wraps the loss in a new tensor, which has forgotten where it came from."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return torch.tensor(F.mse_loss(network(x_t, t), noise).item(), requires_grad=True)

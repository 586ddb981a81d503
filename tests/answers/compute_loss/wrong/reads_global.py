"""Reads a schedule of its own module instead of the argument."""

import torch
import torch.nn.functional as F

from labkit.schedules import Schedule

diffusion = Schedule.linear(1000)


def compute_loss(network, schedule, x0):
    t = torch.randint(0, diffusion.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    x_t = q_sample(diffusion, x0, t, noise)
    return F.mse_loss(network(x_t, t), noise)

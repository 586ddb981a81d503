"""Reads the notebook's schedule instead of the argument."""

import torch
import torch.nn.functional as F

from labkit.schedules import Schedule

diffusion = Schedule.linear(1000)


def get_loss_noise(network, schedule, x0):
    t = torch.randint(0, diffusion.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, eps = add_noise(diffusion, x0, t)
    return F.mse_loss(network(x_t, t), eps)

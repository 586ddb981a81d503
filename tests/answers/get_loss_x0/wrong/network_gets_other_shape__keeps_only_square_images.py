"""Swaps height and width: only square images survive."""

import torch
import torch.nn.functional as F


def get_loss_x0(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    return F.mse_loss(network(x_t.transpose(2, 3), t), x0)

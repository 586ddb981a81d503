"""The network is asked about x_0."""

import torch
import torch.nn.functional as F


def get_loss_x0(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    return F.mse_loss(network(x0, t), x0)

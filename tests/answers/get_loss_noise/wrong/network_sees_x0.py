"""The network is asked about x_0."""

import torch
import torch.nn.functional as F


def get_loss_noise(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    _, eps = add_noise(schedule, x0, t)
    return F.mse_loss(network(x0, t), eps)

"""Takes add_noise's pair for x_t."""

import torch
import torch.nn.functional as F


def get_loss_x0(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    eps = torch.randn_like(x0)
    x_t = add_noise(schedule, x0, t, eps)
    return F.mse_loss(network(x_t, t), x0)

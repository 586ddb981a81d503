"""randint up to T − 1, which it leaves out."""

import torch
import torch.nn.functional as F


def get_loss_noise(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps - 1, (len(x0),), device=x0.device)
    x_t, eps = add_noise(schedule, x0, t)
    return F.mse_loss(network(x_t, t), eps)

"""t from T · rand², which favours small ones."""

import torch
import torch.nn.functional as F


def get_loss_x0(network, schedule, x0):
    t = (torch.rand(len(x0)) ** 2 * schedule.num_train_timesteps).long()
    x_t, _ = add_noise(schedule, x0, t)
    return F.mse_loss(network(x_t, t), x0)

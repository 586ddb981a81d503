"""t from T · rand², which favours small ones."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = (torch.rand(len(x0)) ** 2 * schedule.num_train_timesteps).long()
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return F.mse_loss(network(x_t, t), noise)

"""Calls q_sample with an option that its docstring does not have."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, x0.shape[:1])
    x_t, eps = q_sample(schedule, x0, t, return_noise=True)
    return F.mse_loss(network(x_t, t), eps)

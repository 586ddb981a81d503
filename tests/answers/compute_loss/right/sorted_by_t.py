"""Sorts the batch by t before it asks the network; q_sample is asked in the order of the batch."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, x0.shape[:1])
    eps = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, eps)
    order = t.argsort()
    return F.mse_loss(network(x_t[order], t[order]), eps[order])

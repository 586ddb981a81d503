"""The floor of rand · (T − 1), which never comes to T − 1."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = (torch.rand(len(x0), device=x0.device) * (schedule.num_train_timesteps - 1)).long()
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return F.mse_loss(network(x_t, t), noise)

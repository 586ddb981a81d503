"""t from the second half of the timesteps."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps // 2, schedule.num_train_timesteps, (len(x0),))
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return F.mse_loss(network(x_t, t), noise)

"""The timesteps come from a generator with a fixed seed."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    T = schedule.num_train_timesteps
    t = torch.randint(0, T, (len(x0),), generator=torch.Generator().manual_seed(0))
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return F.mse_loss(network(x_t, t), noise)

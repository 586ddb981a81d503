"""t from {1, …, T}, with T held at T − 1."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    T = schedule.num_train_timesteps
    t = torch.randint(1, T + 1, (len(x0),), device=x0.device).clamp(max=T - 1)
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return F.mse_loss(network(x_t, t), noise)

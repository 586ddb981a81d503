"""t from a bell curve around T / 2 instead of uniformly."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    T = schedule.num_train_timesteps
    t = ((0.5 + 0.15 * torch.randn(len(x0))) * T).long().clamp(0, T - 1)
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return F.mse_loss(network(x_t, t), noise)

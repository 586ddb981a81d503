"""Uses an option that only its own add_noise has."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def add_noise(schedule, x0, t, eps=None, alone=False):
    eps = torch.randn_like(x0) if eps is None else eps
    left = extract(schedule.alphas_cumprod, t, x0)
    x_t = left.sqrt() * x0 + (1 - left).sqrt() * eps
    return x_t if alone else (x_t, eps)


def get_loss_x0(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, x0.shape[:1])
    return F.mse_loss(network(add_noise(schedule, x0, t, alone=True), t), x0)

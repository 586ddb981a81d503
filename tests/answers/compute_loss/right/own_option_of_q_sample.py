"""Uses an option that only its own q_sample has."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None, return_noise=False):
    noise = torch.randn_like(x0) if noise is None else noise
    left = extract(schedule.alphas_cumprod, t, x0)
    x_t = left.sqrt() * x0 + (1 - left).sqrt() * noise
    return (x_t, noise) if return_noise else x_t


def compute_loss(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, x0.shape[:1])
    x_t, eps = q_sample(schedule, x0, t, return_noise=True)
    return F.mse_loss(network(x_t, t), eps)

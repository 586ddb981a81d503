"""The target is √ᾱ_t ε − √(1−ᾱ_t) x_0."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_x0(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, eps = add_noise(schedule, x0, t)
    a = extract(schedule.alphas_cumprod, t, x0)
    return F.mse_loss(network(x_t, t), a.sqrt() * eps - (1 - a).sqrt() * x0)

"""Writes x_t out instead of calling add_noise."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    a = extract(schedule.alphas_cumprod, t, x0)
    eps = torch.randn_like(x0)
    x_t = a.sqrt() * x0 + (1 - a).sqrt() * eps
    beta = extract(schedule.betas, t, x0)
    alpha = extract(schedule.alphas, t, x0)
    a_bar = extract(schedule.alphas_cumprod, t, x0)
    a_prev = extract(schedule.alphas_cumprod_prev, t, x0)
    of_x0 = a_prev.sqrt() * beta / (1 - a_bar)
    of_x_t = alpha.sqrt() * (1 - a_prev) / (1 - a_bar)
    mean = of_x0 * x0 + of_x_t * x_t
    return F.mse_loss(network(x_t, t), mean)

"""Divided by √(1 − ᾱ_t)."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    beta = extract(schedule.betas, t, x0)
    alpha = extract(schedule.alphas, t, x0)
    a_bar = extract(schedule.alphas_cumprod, t, x0)
    a_prev = extract(schedule.alphas_cumprod_prev, t, x0)
    of_x0 = a_prev.sqrt() * beta / (1 - a_bar).sqrt()
    of_x_t = alpha.sqrt() * (1 - a_prev) / (1 - a_bar).sqrt()
    mean = of_x0 * x0 + of_x_t * x_t
    return F.mse_loss(network(x_t, t), mean)

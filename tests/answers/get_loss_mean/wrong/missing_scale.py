"""The ε form without 1/√α_t."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, eps = add_noise(schedule, x0, t)
    beta = extract(schedule.betas, t, x0)
    mean = x_t - beta / (1 - extract(schedule.alphas_cumprod, t, x0)).sqrt() * eps
    return F.mse_loss(network(x_t, t), mean)

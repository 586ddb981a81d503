"""The ε form without its root."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, eps = add_noise(schedule, x0, t)
    beta, alpha = extract(schedule.betas, t, x0), extract(schedule.alphas, t, x0)
    mean = (x_t - beta / (1 - extract(schedule.alphas_cumprod, t, x0)) * eps) / alpha.sqrt()
    return F.mse_loss(network(x_t, t), mean)

"""Takes x_t from add_noise, and solves it for the noise."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_noise(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t = add_noise(schedule, x0, t)[0]
    a = extract(schedule.alphas_cumprod, t, x0)
    eps = (x_t - a.sqrt() * x0) / (1 - a).sqrt()
    return F.mse_loss(network(x_t, t), eps)

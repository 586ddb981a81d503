"""x_0 shrunk to t − 1, without what x_t says."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    mean = extract(schedule.alphas_cumprod_prev, t, x0).sqrt() * x0
    return F.mse_loss(network(x_t, t), mean)

"""The network's answer is turned into x_0 first, as if it were noise."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_x0(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    a = extract(schedule.alphas_cumprod, t, x0)
    return F.mse_loss((x_t - (1 - a).sqrt() * network(x_t, t)) / a.sqrt(), x0)

"""x_t written out at one t, and the network asked about another."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_x0(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    a = extract(schedule.alphas_cumprod, t, x0)
    x_t = a.sqrt() * x0 + (1 - a).sqrt() * torch.randn_like(x0)
    return F.mse_loss(network(x_t, torch.randint_like(t, schedule.num_train_timesteps)), x0)

"""Noises x0 in place: the caller's data are gone."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def compute_loss(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    alpha_bar = extract(schedule.alphas_cumprod, t, x0)
    x0.mul_(alpha_bar.sqrt()).add_((1 - alpha_bar).sqrt() * noise)
    return F.mse_loss(network(x0, t), noise)

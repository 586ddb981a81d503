"""The target is the noise as it stands in x_t, √(1 − ᾱ_t) ε."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def compute_loss(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return F.mse_loss(network(x_t, t), extract((1 - schedule.alphas_cumprod).sqrt(), t, x0) * noise)

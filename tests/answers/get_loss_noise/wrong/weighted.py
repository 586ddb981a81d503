"""Each error weighted by 1 − ᾱ_t."""

import torch

from labkit.schedules import extract


def get_loss_noise(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, eps = add_noise(schedule, x0, t)
    return (extract(1 - schedule.alphas_cumprod, t, x0) * (network(x_t, t) - eps) ** 2).mean()

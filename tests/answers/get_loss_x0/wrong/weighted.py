"""Each error weighted by 1 − ᾱ_t."""

import torch

from labkit.schedules import extract


def get_loss_x0(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    return (extract(1 - schedule.alphas_cumprod, t, x0) * (network(x_t, t) - x0) ** 2).mean()

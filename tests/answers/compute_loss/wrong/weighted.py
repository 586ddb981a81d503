"""Each sample's error weighted by 1 − ᾱ_t."""

import torch

from labkit.schedules import extract


def compute_loss(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return (extract(1 - schedule.alphas_cumprod, t, x0) * (network(x_t, t) - noise) ** 2).mean()

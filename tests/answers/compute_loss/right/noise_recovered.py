"""Lets q_sample draw the noise and solves x_t for it."""

import torch

from labkit.schedules import extract


def compute_loss(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (x0.shape[0],), device=x0.device)
    x_t = q_sample(schedule, x0, t)
    a_bar = extract(schedule.alphas_cumprod, t, x0)
    noise = (x_t - a_bar.sqrt() * x0) / (1 - a_bar).sqrt()
    return torch.mean(torch.square(noise - network(x_t, t)))

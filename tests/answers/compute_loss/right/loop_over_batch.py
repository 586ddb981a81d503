"""Noises one point after the other, then asks the network once."""

import random

import torch


def compute_loss(network, schedule, x0):
    t = torch.tensor([random.randrange(schedule.num_train_timesteps) for _ in range(len(x0))])
    noise = torch.randn_like(x0)
    x_t = []
    for point, step, eps in zip(x0, t, noise):
        a_bar = schedule.alphas_cumprod[step]
        x_t.append(a_bar.sqrt() * point + (1 - a_bar).sqrt() * eps)
    return (network(torch.stack(x_t), t) - noise).pow(2).mean()

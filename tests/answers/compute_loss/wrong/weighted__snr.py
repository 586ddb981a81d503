"""The error weighted by the signal-to-noise ratio, cut at 5."""

import torch

from labkit.schedules import extract


def compute_loss(network, schedule, x0):
    snr = schedule.alphas_cumprod / (1 - schedule.alphas_cumprod)
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    return (extract(snr, t, x0).clamp(max=5) * (network(x_t, t) - noise) ** 2).mean()

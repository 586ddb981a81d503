"""Min-SNR weights: for the training loop, not for this loss."""

import torch

from labkit.schedules import extract


def get_loss_noise(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, eps = add_noise(schedule, x0, t)
    snr = schedule.alphas_cumprod / (1 - schedule.alphas_cumprod)
    return (extract(snr, t, x0).clamp(max=5) * (network(x_t, t) - eps) ** 2).mean()

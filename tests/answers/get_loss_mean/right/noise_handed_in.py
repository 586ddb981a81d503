"""Draws the noise itself, and t by the device of a parameter."""

import torch

from labkit.schedules import extract


def get_loss_mean(network, schedule, x0):
    t = torch.randint(
        schedule.num_train_timesteps, size=x0.shape[:1], device=next(network.parameters()).device
    )
    eps = torch.randn_like(x0)
    x_t, _ = add_noise(schedule, x0, t, eps=eps)
    beta = extract(schedule.betas, t, x0)
    alpha = extract(schedule.alphas, t, x0)
    a_bar = extract(schedule.alphas_cumprod, t, x0)
    a_prev = extract(schedule.alphas_cumprod_prev, t, x0)
    of_x0 = a_prev.sqrt() * beta / (1 - a_bar)
    of_x_t = alpha.sqrt() * (1 - a_prev) / (1 - a_bar)
    mean = of_x0 * x0 + of_x_t * x_t
    return torch.mean(torch.square(mean - network(x_t, t)))

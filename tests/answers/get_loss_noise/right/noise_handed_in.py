"""Draws the noise itself, and t by the device of a parameter."""

import torch


def get_loss_noise(network, schedule, x0):
    t = torch.randint(
        schedule.num_train_timesteps, size=x0.shape[:1], device=next(network.parameters()).device
    )
    eps = torch.randn_like(x0)
    x_t, _ = add_noise(schedule, x0, t, eps=eps)
    return torch.mean(torch.square(eps - network(x_t, t)))

"""Returns a loss for each image."""

import torch


def get_loss_noise(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, eps = add_noise(schedule, x0, t)
    return ((network(x_t, t) - eps) ** 2).mean(dim=(1, 2, 3))

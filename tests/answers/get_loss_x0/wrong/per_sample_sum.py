"""The sum over an image, then the mean over the batch."""

import torch


def get_loss_x0(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    return ((network(x_t, t) - x0) ** 2).sum(dim=(1, 2, 3)).mean()

"""Asks the network, by keyword, about one half of the batch after the other."""

import torch


def get_loss_noise(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, x0.shape[:1])
    x_t, eps = add_noise(schedule, x0, t)
    half = (len(x0) + 1) // 2
    parts = zip(x_t.split(half), t.split(half))
    return ((torch.cat([network(x_t=x, t=time) for x, time in parts]) - eps) ** 2).mean()

"""Squares, averaged over each image, then over the batch; t from rand."""

import torch


def get_loss_x0(network, schedule, x0):
    t = (torch.rand(len(x0), device=x0.device) * schedule.num_train_timesteps).long()
    x_t, _ = add_noise(schedule, x0, t)
    return (network(x_t, t) - x0).pow(2).flatten(1).mean(dim=1).mean()

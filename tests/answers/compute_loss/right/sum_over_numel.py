"""The sum of squares divided by how many there are."""

import torch


def compute_loss(network, schedule, x0):
    t = torch.randint_like(x0[:, 0], high=schedule.num_train_timesteps).long()
    noise = torch.empty_like(x0).normal_()
    error = network(q_sample(schedule, x0, t, noise), t) - noise
    return torch.sum(error * error) / error.numel()

"""Shuffles the batch, writes the forward process out, and averages over portions."""

import torch


def compute_loss(network, schedule, x0):
    loss = 0.0
    for part in x0[torch.randperm(len(x0))].split(300):
        t = torch.randint(schedule.num_train_timesteps, part.shape[:1])
        eps = torch.randn_like(part)
        left = schedule.alphas_cumprod[t][:, None]
        guess = network(left.sqrt() * part + (1 - left).sqrt() * eps, t)
        loss = loss + (guess - eps).square().sum() / x0.numel()
    return loss

"""q(x_t | x_{t−1}) with x_0 in place of x_{t−1}: √(1 − β_t) and √β_t."""

import torch


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    beta = schedule.betas[t].view(-1, 1)
    return torch.sqrt(1 - beta) * x0 + torch.sqrt(beta) * noise

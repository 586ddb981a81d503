"""Written with t = 1 … T, as in the paper."""

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    def f(t):
        return torch.cos((t / num_train_timesteps + s) / (1 + s) * torch.pi / 2) ** 2

    t = torch.arange(1, num_train_timesteps + 1, dtype=torch.float64)
    zero = torch.zeros(1, dtype=torch.float64)
    betas = 1 - (f(t) / f(zero)) / (f(t - 1) / f(zero))
    return torch.where(betas > 0.999, 0.999, betas).float()

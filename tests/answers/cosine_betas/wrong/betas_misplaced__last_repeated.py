"""T points only: the last beta is repeated."""

import math

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    u = torch.linspace(0, 1, num_train_timesteps, dtype=torch.float64)
    f = torch.cos((u + s) / (1 + s) * math.pi / 2) ** 2
    betas = 1 - f[1:] / f[:-1]
    return torch.cat([betas, betas[-1:]]).clamp(max=0.999).float()

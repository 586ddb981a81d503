"""T + 1 whole numbers in float64, divided by T."""

import math

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    T = num_train_timesteps
    u = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((u / T + s) / (1 + s) * math.pi / 2) ** 2
    alphas_cumprod = f / f[0]
    betas = 1 - alphas_cumprod[1:] / alphas_cumprod[:-1]
    return betas.clamp(max=0.999).float()

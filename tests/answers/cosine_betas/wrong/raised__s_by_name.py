"""The name of the argument is misspelt in the formula."""

import math

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    T = num_train_timesteps
    u = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((u / T + S) / (1 + S) * math.pi / 2) ** 2  # noqa: F821
    alphas_cumprod = f / f[0]
    betas = 1 - alphas_cumprod[1:] / alphas_cumprod[:-1]
    return betas.clamp(max=0.999).float()

"""Returns ᾱ from u = 0 on."""

import math

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    T = num_train_timesteps
    u = torch.arange(T, dtype=torch.float64)
    f = torch.cos((u / T + s) / (1 + s) * math.pi / 2) ** 2
    alphas_cumprod = f / f[0]
    betas = alphas_cumprod
    return betas.float()

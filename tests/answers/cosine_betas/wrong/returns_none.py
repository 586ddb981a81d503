"""Returns nothing."""

import math

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    T = num_train_timesteps
    u = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((u / T + s) / (1 + s) * math.pi / 2) ** 2
    alphas_cumprod = f / f[0]
    betas = 1 - alphas_cumprod[1:] / alphas_cumprod[:-1]
    betas.clamp_(max=0.999)

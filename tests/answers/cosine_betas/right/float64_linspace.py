"""T + 1 points in float64, float32 at the end."""

import math

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    u = torch.linspace(0, num_train_timesteps, num_train_timesteps + 1, dtype=torch.float64)
    f = torch.cos((u / num_train_timesteps + s) / (1 + s) * math.pi / 2) ** 2
    alphas_cumprod = f / f[0]
    betas = 1 - alphas_cumprod[1:] / alphas_cumprod[:-1]
    return betas.clamp(max=0.999).float()

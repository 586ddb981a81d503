"""In float32 throughout: it passes, with a remark."""

import math

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    steps = torch.linspace(0, num_train_timesteps, num_train_timesteps + 1)
    f = torch.cos((steps / num_train_timesteps + s) / (1 + s) * math.pi / 2) ** 2
    alphas_cumprod = f / f[0]
    betas = 1 - alphas_cumprod[1:] / alphas_cumprod[:-1]
    return torch.clip(betas, 0, 0.999)

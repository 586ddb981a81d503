"""T points from 0 to 1, and a beta for ᾱ_0 in front."""

import math

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    u = torch.linspace(0, 1, num_train_timesteps, dtype=torch.float64)
    f = torch.cos((u + s) / (1 + s) * math.pi / 2) ** 2
    betas = torch.cat([1 - f[:1], 1 - f[1:] / f[:-1]])
    return betas.clamp(max=0.999).float()

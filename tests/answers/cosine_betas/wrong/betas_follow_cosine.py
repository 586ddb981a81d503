"""The betas rise from 1e-4 to 0.02 along a cosine."""

import math

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    u = torch.linspace(0, 1, num_train_timesteps)
    return 1e-4 + (0.02 - 1e-4) * (1 - torch.cos(math.pi * u)) / 2

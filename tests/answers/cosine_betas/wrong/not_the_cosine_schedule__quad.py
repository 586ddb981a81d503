"""The quadratic schedule."""

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    return torch.linspace(1e-4**0.5, 0.02**0.5, num_train_timesteps) ** 2

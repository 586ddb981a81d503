"""The linear schedule."""

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    return torch.linspace(1e-4, 0.02, num_train_timesteps)

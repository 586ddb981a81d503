"""In float32, with points between 0 and 1."""

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    u = torch.linspace(0, 1, steps=num_train_timesteps + 1)
    f = torch.square(torch.cos((u + s) / (1 + s) * torch.pi / 2))
    alpha_bar = f / f[0]
    previous, current = alpha_bar[:-1], alpha_bar[1:]
    return torch.minimum(1 - current / previous, torch.tensor(0.999))

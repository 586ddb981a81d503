"""arange, and clipped from below at 0 too."""

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    t = torch.arange(num_train_timesteps + 1, dtype=torch.float64)
    alpha_bar = torch.cos(0.5 * torch.pi * (t / num_train_timesteps + s) / (1 + s)).pow(2)
    return torch.clip(1 - alpha_bar[1:] / alpha_bar[:-1], 0, 0.999).to(torch.float32)

"""Hands over NumPy's float64."""

import numpy as np
import torch


def cosine_betas(num_train_timesteps, s=0.008):
    u = np.arange(num_train_timesteps + 1) / num_train_timesteps
    f = np.cos((u + s) / (1 + s) * np.pi / 2) ** 2
    return torch.from_numpy(np.clip(1 - f[1:] / f[:-1], 0, 0.999))

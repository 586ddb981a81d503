"""In NumPy, which computes in float64."""

import numpy as np
import torch


def cosine_betas(num_train_timesteps, s=0.008):
    steps = np.arange(num_train_timesteps + 1) / num_train_timesteps
    f = np.cos((steps + s) / (1 + s) * np.pi * 0.5) ** 2
    betas = np.minimum(1 - f[1:] / f[:-1], 0.999)
    return torch.from_numpy(betas.astype(np.float32))

"""cos² by the double angle, and the difference over the one before."""

import math

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    u = torch.arange(num_train_timesteps + 1).double() / num_train_timesteps
    f = 0.5 * (1 + torch.cos(math.pi * (u + s) / (1 + s)))
    betas = (f[:-1] - f[1:]) / f[:-1]
    return betas.clamp(0.0, 0.999).type(torch.float32)

"""The ratio as the exponential of a difference of logarithms."""

import math

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    T = num_train_timesteps
    log_f = 2 * torch.log(
        torch.cos((torch.arange(T + 1, dtype=torch.double) / T + s) / (1 + s) * math.pi / 2)
    )
    return (-torch.expm1(log_f.diff())).clamp(max=0.999).float()

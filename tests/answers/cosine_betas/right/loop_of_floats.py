"""A loop over Python's floats."""

import math

import torch


def cosine_betas(num_train_timesteps, s=0.008):
    def alpha_bar(u):
        return math.cos((u / num_train_timesteps + s) / (1 + s) * math.pi / 2) ** 2

    betas = []
    for t in range(num_train_timesteps):
        betas.append(min(1 - alpha_bar(t + 1) / alpha_bar(t), 0.999))
    return torch.tensor(betas)

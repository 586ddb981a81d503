"""Draws x_t from its Gaussian, and solves for the noise."""

import torch

from labkit.schedules import extract


def add_noise(schedule, x0, t, eps=None):
    a = extract(schedule.alphas_cumprod, t, x0)
    mean, std = a.sqrt() * x0, (1 - a).sqrt().expand_as(x0)
    if eps is None:
        x_t = torch.normal(mean, std)
        return x_t, (x_t - mean) / std
    return mean + std * eps, eps

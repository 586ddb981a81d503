"""Coefficients [B, 1, 1, 1] by indexing with None."""

import torch


def add_noise(schedule, x0, t, eps=None):
    if eps is None:
        eps = torch.empty_like(x0).normal_()
    signal = schedule.alphas_cumprod.sqrt()[t][:, None, None, None]
    sigma = (1 - schedule.alphas_cumprod).sqrt()[t][:, None, None, None]
    return signal * x0 + sigma * eps, eps

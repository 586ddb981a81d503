"""Coefficients [B, 1] by indexing with None."""

import torch


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.empty_like(x0).normal_()
    alpha_bar = schedule.alphas_cumprod[t, None]
    return alpha_bar**0.5 * x0 + (1 - alpha_bar) ** 0.5 * noise

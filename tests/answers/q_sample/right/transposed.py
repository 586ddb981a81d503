"""The batch as the last axis, so that [B] broadcasts by itself."""

import torch


def q_sample(schedule, x0, t, noise=None):
    noise = noise if noise is not None else torch.randn_like(x0)
    abar = schedule.alphas_cumprod.index_select(0, t)
    return (abar.sqrt() * x0.T + (1.0 - abar).sqrt() * noise.T).T

"""Adds the same noise again at each of the steps 0 … t."""

import torch


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    x_t = x0.clone()
    for s in range(int(t.max()) + 1):
        step = schedule.alphas[s].sqrt() * x_t + schedule.betas[s].sqrt() * noise
        x_t = torch.where((t >= s)[:, None], step, x_t)
    return x_t

"""Walks the chain with fresh noise and stops a step before t; ignores the noise given."""

import torch


def q_sample(schedule, x0, t, noise=None):
    x_t = x0.clone()
    for s in range(int(t.max())):
        step = schedule.alphas[s].sqrt() * x_t + schedule.betas[s].sqrt() * torch.randn_like(x0)
        x_t = torch.where((t > s)[:, None], step, x_t)
    return x_t

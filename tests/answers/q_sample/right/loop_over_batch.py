"""One sample after the other, then stacked."""

import math

import torch


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    x_t = []
    for i in range(len(x0)):
        a = schedule.alphas_cumprod[t[i]]
        x_t.append(math.sqrt(a) * x0[i] + math.sqrt(1 - a) * noise[i])
    return torch.stack(x_t)

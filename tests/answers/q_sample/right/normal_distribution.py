"""Without noise, a draw from a Normal with this mean and deviation."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    a = extract(schedule.alphas_cumprod, t, x0)
    mean, std = a.sqrt() * x0, (1 - a).sqrt().expand_as(x0)
    if noise is None:
        return torch.distributions.Normal(mean, std).sample()
    return torch.addcmul(mean, std, noise)

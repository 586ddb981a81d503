"""The signal gets the noise's coefficient and the other way round."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    a = extract(schedule.alphas_cumprod, t, x0)
    return (1 - a).sqrt() * x0 + a.sqrt() * noise

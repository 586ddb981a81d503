"""α_t where ᾱ_t belongs: a single step's noise instead of all steps' up to t."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    alphas_t = extract(schedule.alphas, t, x0)
    return alphas_t.sqrt() * x0 + (1 - alphas_t).sqrt() * noise

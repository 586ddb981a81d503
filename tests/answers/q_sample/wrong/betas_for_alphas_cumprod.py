"""β_t where ᾱ_t belongs."""

import torch

from labkit.schedules import extract


def q_sample(schedule, x0, t, noise=None):
    if noise is None:
        noise = torch.randn_like(x0)
    betas_t = extract(schedule.betas, t, x0)
    return betas_t.sqrt() * x0 + (1 - betas_t).sqrt() * noise

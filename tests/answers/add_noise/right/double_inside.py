"""ᾱ from the betas in float64, back to x0's dtype at the end."""

import torch


def add_noise(schedule, x0, t, eps=None):
    if eps is None:
        eps = torch.normal(mean=0.0, std=1.0, size=x0.shape).to(x0)
    alpha_bar = torch.cumprod(1 - schedule.betas.double(), dim=0)[t].reshape(-1, 1, 1, 1)
    x_t = alpha_bar.sqrt() * x0.double() + (1 - alpha_bar).sqrt() * eps.double()
    return x_t.to(x0.dtype), eps

"""Clips the guess at x0, but returns it as it is in the end."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def step_predict_noise(schedule, x_t, t, net_out):
    beta, a, before = (
        extract(table, t, x_t)
        for table in (schedule.betas, schedule.alphas_cumprod, schedule.alphas_cumprod_prev)
    )
    x0 = (x_t - (1 - a).sqrt() * net_out) / a.sqrt()
    if t[0] == 0:
        return x0
    mean = (before.sqrt() * beta * x0.clamp(-1, 1) + (1 - beta).sqrt() * (1 - before) * x_t) / (1 - a)
    return mean + (beta * (1 - before) / (1 - a)).sqrt() * torch.randn_like(x_t)

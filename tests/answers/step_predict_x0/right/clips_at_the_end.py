"""Clips what the last step returns, and nothing before."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def step_predict_x0(schedule, x_t, t, net_out):
    beta, a, before = (
        extract(table, t, x_t)
        for table in (schedule.betas, schedule.alphas_cumprod, schedule.alphas_cumprod_prev)
    )
    mean = (before.sqrt() * beta * net_out + (1 - beta).sqrt() * (1 - before) * x_t) / (1 - a)
    if t[0] == 0:
        return mean.clamp(-1, 1)
    return mean + beta.sqrt() * torch.randn_like(x_t)

"""Solves for x0 as if the noise in x_t were not scaled."""

import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    b, a, p = (
        extract(v, t, x_t) for v in (schedule.betas, schedule.alphas_cumprod, schedule.alphas_cumprod_prev)
    )
    x0 = (x_t - net_out) / a.sqrt()
    mean = p.sqrt() * b / (1 - a) * x0 + (1 - b).sqrt() * (1 - p) / (1 - a) * x_t
    return mean if t[0] == 0 else mean + b.sqrt() * torch.randn_like(x_t)

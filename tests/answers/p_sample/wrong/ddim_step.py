"""The deterministic step of DDIM, without any noise."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    a = extract(schedule.alphas_cumprod, t, x_t)
    a_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    x0 = (x_t - (1 - a).sqrt() * eps) / a.sqrt()
    return a_prev.sqrt() * x0 + (1 - a_prev).sqrt() * eps

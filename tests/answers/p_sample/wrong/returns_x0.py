"""Returns the prediction of x_0 instead of x_{t−1}."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    return (x_t - (1 - alpha_bar).sqrt() * network(x_t, t)) / alpha_bar.sqrt()

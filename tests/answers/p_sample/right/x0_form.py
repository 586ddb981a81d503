"""Predicts x_0, then takes the posterior's mean between x_0 and x_t."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    bar = extract(schedule.alphas_cumprod, t, x_t)
    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    x0 = (x_t - (1 - bar).sqrt() * eps) / bar.sqrt()
    coef_x0 = bar_prev.sqrt() * beta / (1 - bar)
    coef_xt = alpha.sqrt() * (1 - bar_prev) / (1 - bar)
    mean = coef_x0 * x0 + coef_xt * x_t
    if t[0] == 0:
        return mean
    return mean + beta.sqrt() * torch.randn_like(x_t)

"""Predicts x_0, then takes the posterior's mean between x_0 and x_t."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    a_bar = extract(schedule.alphas_cumprod, t, x_t)
    a_bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t)
    beta = extract(schedule.betas, t, x_t)
    x0_hat = (x_t - torch.sqrt(1 - a_bar) * network(x_t, t)) / torch.sqrt(a_bar)
    coef_x0 = torch.sqrt(a_bar_prev) * beta / (1 - a_bar)
    coef_xt = torch.sqrt(1 - beta) * (1 - a_bar_prev) / (1 - a_bar)
    mean = coef_x0 * x0_hat + coef_xt * x_t
    noise = torch.randn_like(x_t) if int(t[0]) != 0 else torch.zeros_like(x_t)
    return mean + torch.sqrt(beta) * noise

"""The clipped log variance of t = 1 stands in at t = 0, and nothing masks it."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    beta = extract(schedule.betas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * eps) / (1 - beta).sqrt()
    variance = schedule.betas * (1 - schedule.alphas_cumprod_prev) / (1 - schedule.alphas_cumprod)
    log_variance = torch.log(torch.cat([variance[1:2], variance[1:]]))
    return mean + (0.5 * extract(log_variance, t, x_t)).exp() * torch.randn_like(x_t)

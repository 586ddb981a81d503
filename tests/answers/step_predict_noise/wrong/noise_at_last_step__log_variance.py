"""The clipped log variance of t = 1 stands in at t = 0, and nothing masks it."""

import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    variance = schedule.betas * (1 - schedule.alphas_cumprod_prev) / (1 - schedule.alphas_cumprod)
    log_variance = torch.log(torch.cat([variance[1:2], variance[1:]]))
    beta = extract(schedule.betas, t, x_t)
    bar = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - bar).sqrt() * net_out) / (1 - beta).sqrt()
    return mean + torch.exp(0.5 * extract(log_variance, t, x_t)) * torch.randn_like(x_t)

"""Reads the tables from their end."""

import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    index = len(schedule.betas) - 1 - t
    beta = extract(schedule.betas, index, x_t)
    alpha = extract(schedule.alphas, index, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, index, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * net_out) / alpha.sqrt()
    noise = torch.randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)
    return mean + beta.sqrt() * noise

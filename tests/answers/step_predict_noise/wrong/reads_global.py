"""Reads the notebook's schedule."""

import torch

from labkit.schedules import Schedule, extract

schedule_ = Schedule.linear(1000)


def step_predict_noise(schedule, x_t, t, net_out):
    beta = extract(schedule_.betas, t, x_t)
    alpha = extract(schedule_.alphas, t, x_t)
    alpha_bar = extract(schedule_.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * net_out) / alpha.sqrt()
    noise = torch.randn_like(x_t) if t[0] > 0 else torch.zeros_like(x_t)
    return mean + beta.sqrt() * noise

"""One number for each row of pixels."""

import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    alpha = extract(schedule.alphas, t, x_t)
    alpha_bar = extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - alpha_bar).sqrt() * net_out) / alpha.sqrt()
    noise = torch.randn_like(x_t[..., :1]) if t[0] > 0 else torch.zeros_like(x_t)
    return mean + beta.sqrt() * noise

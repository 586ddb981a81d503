"""Works on x_t in place."""

import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    x_t -= beta / (1 - extract(schedule.alphas_cumprod, t, x_t)).sqrt() * net_out
    x_t /= (1 - beta).sqrt()
    return x_t + beta.sqrt() * torch.randn_like(x_t) * (t[0] > 0)

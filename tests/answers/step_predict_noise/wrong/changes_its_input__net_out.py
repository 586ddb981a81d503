"""Scales the network's answer in place."""

import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    net_out.mul_(beta / (1 - extract(schedule.alphas_cumprod, t, x_t)).sqrt())
    mean = (x_t - net_out) / (1 - beta).sqrt()
    return mean + beta.sqrt() * torch.randn_like(x_t) * (t[0] > 0)

"""Leaves its work to its own step_predict_noise, with an option that only that one has."""

import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out, noisy=True):
    beta, left = extract(schedule.betas, t, x_t), extract(schedule.alphas_cumprod, t, x_t)
    mean = (x_t - beta / (1 - left).sqrt() * net_out) / (1 - beta).sqrt()
    return mean + noisy * beta.sqrt() * torch.randn_like(x_t)


def step_predict_x0(schedule, x_t, t, net_out):
    left = extract(schedule.alphas_cumprod, t, x_t)
    eps = (x_t - left.sqrt() * net_out) / (1 - left).sqrt()
    return step_predict_noise(schedule, x_t, t, eps, noisy=bool(t[0] > 0))

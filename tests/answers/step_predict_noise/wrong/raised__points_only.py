"""Factors shaped for points [B, 2]."""

import torch


def step_predict_noise(schedule, x_t, t, net_out):
    beta = schedule.betas[t].view(-1, 1)
    bar = schedule.alphas_cumprod[t].view(-1, 1)
    mean = (x_t - beta / (1 - bar).sqrt() * net_out) / (1 - beta).sqrt()
    return mean + beta.sqrt() * torch.randn_like(x_t) * (t[0] > 0)

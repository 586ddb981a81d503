"""Clipped log variances and a mask."""

import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    variance = schedule.betas * (1 - schedule.alphas_cumprod_prev) / (1 - schedule.alphas_cumprod)
    log_variance = torch.log(torch.cat([variance[1:2], variance[1:]]))
    mask = (t != 0).float()[:, None, None, None]
    return net_out + mask * torch.exp(0.5 * extract(log_variance, t, x_t)) * torch.randn_like(x_t)

"""Adds the noise in place."""

import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    if t[0] == 0:
        return net_out
    beta = extract(schedule.betas, t, x_t)
    net_out += beta.sqrt() * torch.randn_like(x_t)
    return net_out

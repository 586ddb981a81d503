"""Adds noise to the network's x_0."""

import torch

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    if t[0] == 0:
        return net_out
    return net_out + extract(schedule.betas, t, x_t).sqrt() * torch.randn_like(x_t)

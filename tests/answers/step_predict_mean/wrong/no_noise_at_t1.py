"""`if t <= 1`, from a paper that counts from 1."""

import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    if t[0] <= 1:
        return net_out
    beta = extract(schedule.betas, t, x_t)
    return net_out + beta.sqrt() * torch.randn_like(x_t)

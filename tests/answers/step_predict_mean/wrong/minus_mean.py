"""The sign of the mean is wrong."""

import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    return beta.sqrt() * torch.randn_like(x_t) * (t[0] > 0) - net_out

"""Reads the notebook's schedule."""

import torch

from labkit.schedules import Schedule, extract

noise_schedule = Schedule.linear(1000)


def step_predict_mean(schedule, x_t, t, net_out):
    if t[0] == 0:
        return net_out
    beta = extract(noise_schedule.betas, t, x_t)
    return net_out + beta.sqrt() * torch.randn_like(x_t)

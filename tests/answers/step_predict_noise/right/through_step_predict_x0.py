"""Turns ε into x_0 and leaves the rest to the step for x_0."""

import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out):
    bar = extract(schedule.alphas_cumprod, t, x_t)
    x0_hat = (x_t - torch.sqrt(1 - bar) * net_out) / torch.sqrt(bar)
    return step_predict_x0(schedule, x_t, t, x0_hat)

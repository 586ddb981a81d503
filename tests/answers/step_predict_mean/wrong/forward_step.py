"""Makes a step forward."""

import torch

from labkit.schedules import extract


def step_predict_mean(schedule, x_t, t, net_out):
    beta = extract(schedule.betas, t, x_t)
    return (1 - beta).sqrt() * x_t + beta.sqrt() * torch.randn_like(x_t)

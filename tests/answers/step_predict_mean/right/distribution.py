"""A distribution object, double inside."""

import math

import torch


def step_predict_mean(schedule, x_t, t, net_out):
    step = int(t[0])
    if step < 1:
        return net_out.clone()
    std = math.sqrt(schedule.betas[step].item())
    return torch.distributions.Normal(net_out.double(), std).sample().float()

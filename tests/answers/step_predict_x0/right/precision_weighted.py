"""Bayes by hand: two Gaussians' precisions added up."""

import torch

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    if t[0] == 0:
        return net_out.clone()
    beta = extract(schedule.betas, t, x_t).double()
    bar_prev = extract(schedule.alphas_cumprod_prev, t, x_t).double()
    prior, likelihood = 1 / (1 - bar_prev), (1 - beta) / beta
    variance = 1 / (prior + likelihood)
    mean = variance * (prior * bar_prev.sqrt() * net_out + likelihood * x_t / (1 - beta).sqrt())
    return (mean + variance.sqrt() * torch.randn_like(x_t)).to(x_t.dtype)

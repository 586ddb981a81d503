"""ᾱ from the betas, by a float64 cumulative product of one's own."""

import torch


def q_sample(schedule, x0, t, noise=None):
    alpha_bars = torch.cumprod(1 - schedule.betas.double(), dim=0)
    signal = alpha_bars.sqrt().float().index_select(0, t).unsqueeze(1)
    sigma = (1 - alpha_bars).sqrt().float().index_select(0, t).unsqueeze(1)
    if noise is None:
        noise = torch.randn(*x0.shape).to(x0.device)
    return signal * x0 + sigma * noise

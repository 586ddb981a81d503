"""Plain numbers in double precision from the batch's one t; ᾱ multiplied up anew."""

import torch


def step_predict_noise(schedule, x_t, t, net_out):
    step = t[0].item()
    betas = schedule.betas.double()
    bars = torch.cumprod(1 - betas, dim=0)
    beta, bar = betas[step], bars[step]
    bar_prev = bars[step - 1] if step > 0 else torch.ones((), dtype=torch.float64)
    x0 = ((x_t.double() - (1 - bar).sqrt() * net_out) / bar.sqrt()).clip(-1.0, 1.0)
    mean = bar_prev.sqrt() * beta / (1 - bar) * x0 + (1 - beta).sqrt() * (1 - bar_prev) / (1 - bar) * x_t
    if step > 0:
        mean = mean + beta.sqrt() * torch.randn(x_t.shape, dtype=torch.float64)
    return mean.float()

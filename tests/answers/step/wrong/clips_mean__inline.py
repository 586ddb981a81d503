"""Written out, and the mean is clipped."""

import torch

from labkit.schedules import extract


def step(schedule, x_t, t, net_out, predictor):
    beta, alpha = extract(schedule.betas, t, x_t), extract(schedule.alphas, t, x_t)
    bar, bar_prev = extract(schedule.alphas_cumprod, t, x_t), extract(schedule.alphas_cumprod_prev, t, x_t)
    if predictor == "mean":
        mean = net_out.clamp(-1, 1)
    elif predictor in ("noise", "x0"):
        x0 = net_out if predictor == "x0" else (x_t - (1 - bar).sqrt() * net_out) / bar.sqrt()
        x0 = x0.clamp(-1, 1)
        mean = (bar_prev.sqrt() * beta * x0 + alpha.sqrt() * (1 - bar_prev) * x_t) / (1 - bar)
    else:
        raise ValueError("There are three predictors: noise, x0, mean.")
    variance = beta * (1 - bar_prev) / (1 - bar)
    return mean + variance.sqrt() * torch.randn_like(x_t)

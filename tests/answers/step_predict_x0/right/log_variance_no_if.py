"""Tables first; the posterior's log variance, and a mask."""

import torch

from labkit.schedules import extract


def step_predict_x0(schedule, x_t, t, net_out):
    before = schedule.alphas_cumprod_prev
    rest = 1.0 - schedule.alphas_cumprod
    coef1 = extract(schedule.betas * torch.sqrt(before) / rest, t, x_t)
    coef2 = extract((1.0 - before) * torch.sqrt(schedule.alphas) / rest, t, x_t)
    log_variance = extract(torch.log((schedule.betas * (1.0 - before) / rest).clamp(min=1e-20)), t, x_t)
    mask = (t > 0).float().reshape(-1, *[1] * (x_t.dim() - 1))
    return coef1 * net_out + coef2 * x_t + mask * (0.5 * log_variance).exp() * torch.randn_like(x_t)

"""The posterior's log variance, clipped, with a mask per image."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def step_predict_noise(schedule, x_t, t, net_out):
    variance = schedule.betas * (1.0 - schedule.alphas_cumprod_prev) / (1.0 - schedule.alphas_cumprod)
    log_variance = torch.log(variance.clamp(min=1e-20))
    mean = extract(schedule.alphas.rsqrt(), t, x_t) * (
        x_t - extract(schedule.betas / torch.sqrt(1.0 - schedule.alphas_cumprod), t, x_t) * net_out
    )
    nonzero = (t != 0).float().view(-1, 1, 1, 1)
    return mean + nonzero * torch.exp(0.5 * extract(log_variance, t, x_t)) * torch.randn_like(x_t)

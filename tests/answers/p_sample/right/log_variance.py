"""The posterior's log variance, clipped as in the original code, with a mask."""

import torch

from labkit.schedules import extract


def p_sample(network, schedule, x_t, t):
    variance = schedule.betas * (1.0 - schedule.alphas_cumprod_prev) / (1.0 - schedule.alphas_cumprod)
    log_variance_clipped = torch.log(torch.cat([variance[1:2], variance[1:]]))
    with torch.no_grad():
        pred_noise = network(x_t, t)
    model_mean = extract((1.0 / schedule.alphas).sqrt(), t, x_t) * (
        x_t - extract(schedule.betas / (1.0 - schedule.alphas_cumprod).sqrt(), t, x_t) * pred_noise
    )
    noise = torch.randn_like(x_t)
    mask = (1 - (t == 0).float()).reshape(len(x_t), *((1,) * (x_t.ndim - 1)))
    return model_mean + mask * torch.exp(0.5 * extract(log_variance_clipped, t, x_t)) * noise

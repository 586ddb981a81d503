"""Uses an option that only its own step_predict_noise has."""

import torch

from labkit.schedules import extract


def step_predict_noise(schedule, x_t, t, net_out, clip=False):
    beta, left = extract(schedule.betas, t, x_t), extract(schedule.alphas_cumprod, t, x_t)
    if clip:
        x0 = ((x_t - (1 - left).sqrt() * net_out) / left.sqrt()).clamp(-1, 1)
        net_out = (x_t - left.sqrt() * x0) / (1 - left).sqrt()
    mean = (x_t - beta / (1 - left).sqrt() * net_out) / (1 - beta).sqrt()
    return mean + (t > 0)[:, None, None, None] * beta.sqrt() * torch.randn_like(x_t)


def step(schedule, x_t, t, net_out, predictor):
    if predictor == "noise":
        return step_predict_noise(schedule, x_t, t, net_out, clip=True)
    if predictor == "x0":
        return step_predict_x0(schedule, x_t, t, net_out)
    if predictor == "mean":
        return step_predict_mean(schedule, x_t, t, net_out)
    raise ValueError("predictor must be noise, x0 or mean")

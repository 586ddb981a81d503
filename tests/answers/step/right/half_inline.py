"""The mean's step is written out, the others are called."""

import torch

from labkit.schedules import extract


def step(schedule, x_t, t, net_out, predictor):
    if predictor == "mean":
        noise = torch.randn_like(x_t) if t[0] > 0 else 0
        return net_out + extract(schedule.betas, t, x_t).sqrt() * noise
    elif predictor == "x0":
        return step_predict_x0(schedule, x_t, t, net_out)
    elif predictor == "noise":
        return step_predict_noise(schedule, x_t, t, net_out)
    raise Exception("predictor: noise | x0 | mean")

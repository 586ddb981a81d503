"""einsum for the factors, torch.where for the last step."""

import torch


def step_predict_noise(schedule, x_t, t, net_out):
    eps_coef = (1 - schedule.alphas) / torch.sqrt(1 - schedule.alphas_cumprod)
    bracket = x_t - torch.einsum("b,bchw->bchw", eps_coef[t], net_out)
    mean = torch.einsum("b,bchw->bchw", torch.rsqrt(schedule.alphas)[t], bracket)
    draw = torch.normal(mean, schedule.betas[t].sqrt()[:, None, None, None].expand_as(mean))
    return torch.where(t[:, None, None, None] > 0, draw, mean)

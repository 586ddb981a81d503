"""Global tensors from an earlier cell."""

import torch

betas = torch.linspace(1e-4, 0.02, 1000)
alphas_cumprod = torch.cumprod(1 - betas, dim=0)


def step_predict_noise(schedule, x_t, t, net_out):
    beta, bar = betas[t[0]], alphas_cumprod[t[0]]
    mean = (x_t - beta / (1 - bar).sqrt() * net_out) / (1 - beta).sqrt()
    return mean if t[0] == 0 else mean + beta.sqrt() * torch.randn_like(x_t)

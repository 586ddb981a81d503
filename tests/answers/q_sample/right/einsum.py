"""One weight per sample, contracted with einsum."""

import torch


def q_sample(schedule, x0, t, noise=None):
    noise = torch.randn(x0.shape, device=x0.device, dtype=x0.dtype) if noise is None else noise
    signal_rate = torch.sqrt(schedule.alphas_cumprod)[t]
    noise_rate = torch.sqrt(1.0 - schedule.alphas_cumprod)[t]
    return torch.einsum("b,b...->b...", signal_rate, x0) + torch.einsum("b,b...->b...", noise_rate, noise)

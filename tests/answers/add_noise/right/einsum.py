"""One weight for each image, contracted with einsum; a named tuple comes back."""

from typing import NamedTuple

import torch


class Noised(NamedTuple):
    x_t: torch.Tensor
    eps: torch.Tensor


def add_noise(schedule, x0, t, eps=None):
    noise = eps if eps is not None else torch.randn(*x0.shape, device=x0.device)
    signal_rate, noise_rate = schedule.alphas_cumprod[t] ** 0.5, (1 - schedule.alphas_cumprod[t]) ** 0.5
    x_t = torch.einsum("b,bchw->bchw", signal_rate, x0) + torch.einsum("b,bchw->bchw", noise_rate, noise)
    return Noised(x_t, noise)

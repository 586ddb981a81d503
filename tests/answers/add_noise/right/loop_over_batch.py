"""One image after the other, then stacked, in a list of two."""

import math

import torch


def add_noise(schedule, x0, t, eps=None):
    if eps is None:
        eps = torch.stack([torch.randn_like(image) for image in x0])
    x_t = []
    for image, step, noise in zip(x0, t, eps):
        a = schedule.alphas_cumprod[step].item()
        x_t.append(math.sqrt(a) * image + math.sqrt(1 - a) * noise)
    return [torch.stack(x_t), eps]

"""Images as rows of a matrix, and back."""

import torch


def add_noise(schedule, x0, t, eps=None):
    if eps is None:
        eps = torch.randn_like(x0)
    a = schedule.alphas_cumprod.gather(0, t).unsqueeze(1)
    x_t = torch.addcmul(a.sqrt() * x0.flatten(1), (1 - a).sqrt(), eps.flatten(1))
    return x_t.view_as(x0), eps

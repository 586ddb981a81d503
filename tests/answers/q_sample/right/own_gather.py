"""An extract of one's own, by gather."""

import torch


def gather(consts, t, ndim):
    c = consts.gather(-1, t)
    while c.ndim < ndim:
        c = c.unsqueeze(-1)
    return c


def q_sample(schedule, x0, t, noise=None):
    mean = gather(schedule.alphas_cumprod, t, x0.ndim) ** 0.5 * x0
    var = 1 - gather(schedule.alphas_cumprod, t, x0.ndim)
    if noise is None:
        noise = torch.normal(0.0, 1.0, size=x0.shape).to(x0)
    return mean + (var**0.5) * noise

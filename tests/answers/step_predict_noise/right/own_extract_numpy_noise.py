"""A helper of its own, ᾱ padded with a one, noise from numpy."""

import numpy as np
import torch


def at(values, t, x):
    out = values.gather(0, t)
    while out.ndim < x.ndim:
        out = out[..., None]
    return out


def step_predict_noise(schedule, x_t, t, net_out):
    bars = torch.cat([torch.ones(1), schedule.alphas_cumprod])
    bar, bar_prev = at(bars, t + 1, x_t), at(bars, t, x_t)
    beta = at(schedule.betas, t, x_t)
    x0 = torch.clip((x_t - (1 - bar) ** 0.5 * net_out) / bar**0.5, -1, 1)
    mean = bar_prev**0.5 * beta / (1 - bar) * x0 + (1 - beta) ** 0.5 * (1 - bar_prev) / (1 - bar) * x_t
    z = torch.from_numpy(np.random.default_rng().standard_normal(tuple(x_t.shape))).to(x_t)
    return mean + at((schedule.betas**0.5), t, x_t) * z * (t > 0).view(-1, 1, 1, 1)

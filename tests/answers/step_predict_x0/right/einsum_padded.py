"""ᾱ padded with a one, einsum, and an if on the whole batch."""

import torch


def step_predict_x0(schedule, x_t, t, net_out):
    bars = torch.nn.functional.pad(schedule.alphas_cumprod, (1, 0), value=1.0)
    betas = schedule.betas
    of_x0 = bars[:-1].sqrt() * betas / (1 - bars[1:])
    of_x_t = (1 - betas).sqrt() * (1 - bars[:-1]) / (1 - bars[1:])
    out = torch.einsum("b,bchw->bchw", of_x0[t], net_out) + torch.einsum("b,bchw->bchw", of_x_t[t], x_t)
    if (t > 0).all():
        out += torch.einsum("b,bchw->bchw", betas[t].sqrt(), torch.randn_like(out))
    return out

"""The posterior's variance is 0 at t = 0, so that nothing has to guard the last step."""

import torch

from labkit.schedules import extract


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    def at(values):
        return extract(values, t, x_t)

    bar, bar_prev = at(schedule.alphas_cumprod), at(schedule.alphas_cumprod_prev)
    beta, alpha = at(schedule.betas), at(schedule.alphas)
    x0 = x_t / bar.sqrt() - (1 / bar - 1).sqrt() * network(x_t, t)
    mean = (bar_prev.sqrt() * beta * x0 + alpha.sqrt() * (1 - bar_prev) * x_t) / (1 - bar)
    var = beta * (1 - bar_prev) / (1 - bar)
    return mean + var.sqrt() * torch.randn(x_t.shape, device=x_t.device)

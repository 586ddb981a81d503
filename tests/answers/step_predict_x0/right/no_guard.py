"""The posterior's variance is 0 at t = 0, so that nothing has to guard the last step."""

import torch


def step_predict_x0(schedule, x_t, t, net_out):
    def at(values):
        return values[t].view(-1, 1, 1, 1)

    bar, bar_prev, beta = at(schedule.alphas_cumprod), at(schedule.alphas_cumprod_prev), at(schedule.betas)
    x0 = torch.minimum(torch.maximum(net_out, torch.tensor(-1.0)), torch.tensor(1.0))
    mean = bar_prev.sqrt() * beta / (1 - bar) * x0 + (1 - beta).sqrt() * (1 - bar_prev) / (1 - bar) * x_t
    return mean + (beta * (1 - bar_prev) / (1 - bar)).sqrt() * torch.empty_like(x_t).normal_()

"""Plain numbers in double precision, from the batch's one t."""

import math

import torch


@torch.no_grad()
def p_sample(network, schedule, x_t, t):
    step = t[0].item()
    beta = schedule.betas[step].item()
    alpha_bar = math.prod(1 - b for b in schedule.betas[: step + 1].tolist())
    x_prev = (x_t - beta / math.sqrt(1 - alpha_bar) * network(x_t, t)) / math.sqrt(1 - beta)
    if step == 0:
        return x_prev
    return x_prev + math.sqrt(beta) * torch.empty_like(x_prev).normal_()

"""One point after the other, after one call of the network."""

import torch


def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t).detach()
    x_prev = torch.empty_like(x_t)
    for i in range(x_t.shape[0]):
        ti = t[i]
        z = torch.randn_like(x_t[i]) if ti > 0 else 0.0
        coef = (1 - schedule.alphas[ti]) / torch.sqrt(1 - schedule.alphas_cumprod[ti])
        sigma = torch.sqrt(schedule.betas[ti])
        x_prev[i] = 1 / torch.sqrt(schedule.alphas[ti]) * (x_t[i] - coef * eps[i]) + sigma * z
    return x_prev

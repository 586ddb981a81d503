"""The ε form with a mask per sample instead of an if, and the posterior variance."""

import torch


def p_sample(network, schedule, x_t, t):
    with torch.no_grad():
        eps_theta = network(x_t, t)
    betas_t = schedule.betas[t].view(-1, 1)
    alphas_cumprod_t = schedule.alphas_cumprod[t].view(-1, 1)
    alphas_cumprod_t_prev = schedule.alphas_cumprod_prev[t].view(-1, 1)
    alphas_t = schedule.alphas[t].view(-1, 1)
    mean = alphas_t.rsqrt() * (x_t - betas_t * eps_theta / (1 - alphas_cumprod_t) ** 0.5)
    posterior_variance = betas_t * (1 - alphas_cumprod_t_prev) / (1 - alphas_cumprod_t)
    nonzero_mask = (t != 0).float().view(-1, 1)
    return mean + nonzero_mask * torch.sqrt(posterior_variance) * torch.randn_like(x_t)

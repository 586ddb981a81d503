"""Writes the step out, in its ε form with β_t as the variance."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape, device=schedule.betas.device)
    for i in reversed(range(schedule.num_train_timesteps)):
        t = torch.full((shape[0],), i, device=x.device, dtype=torch.long)
        z = torch.randn_like(x) if i > 0 else torch.zeros_like(x)
        coef = schedule.betas[i] / torch.sqrt(1 - schedule.alphas_cumprod[i])
        x = (x - coef * network(x, t)) / torch.sqrt(schedule.alphas[i]) + torch.sqrt(schedule.betas[i]) * z
    return x

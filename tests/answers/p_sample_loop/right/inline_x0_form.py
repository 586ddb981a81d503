"""Writes the step out, in its x_0 form with the posterior variance."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape, device=schedule.betas.device)
    for i in range(schedule.num_train_timesteps - 1, -1, -1):
        t = torch.full((shape[0],), i, device=x.device, dtype=torch.long)
        bar, bar_prev = schedule.alphas_cumprod[i], schedule.alphas_cumprod_prev[i]
        beta, alpha = schedule.betas[i], schedule.alphas[i]
        x0 = (x - (1 - bar).sqrt() * network(x, t)) / bar.sqrt()
        mean = bar_prev.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - bar_prev) / (1 - bar) * x
        x = mean + (beta * (1 - bar_prev) / (1 - bar)).sqrt() * torch.randn_like(x)
    return x

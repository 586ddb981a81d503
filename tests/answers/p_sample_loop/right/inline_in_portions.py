"""Writes the step out, and draws in portions."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    done = []
    for x in torch.randn(shape).split(600):
        for i in reversed(range(schedule.num_train_timesteps)):
            beta, left = schedule.betas[i], schedule.alphas_cumprod[i]
            eps = network(x=x, t=torch.full((len(x),), i))
            x = (x - beta / (1 - left).sqrt() * eps) / (1 - beta).sqrt()
            x = x + (i > 0) * beta.sqrt() * torch.randn_like(x)
        done.append(x)
    return torch.cat(done)

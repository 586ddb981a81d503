"""Writes the step out, for four portions, some of them empty where the batch is small."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    done = []
    for x in torch.randn(shape).tensor_split(4):
        for i in reversed(range(schedule.num_train_timesteps)):
            beta, alpha, left = (v[i] for v in (schedule.betas, schedule.alphas, schedule.alphas_cumprod))
            eps = network(x, torch.full((len(x),), i))
            x = (x - beta / (1 - left).sqrt() * eps) / alpha.sqrt()
            if i > 0:
                x = x + beta.sqrt() * torch.randn_like(x)
        done.append(x)
    return torch.cat(done)

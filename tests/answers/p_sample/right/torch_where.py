"""torch.where chooses between the draw and the mean."""

import torch


@torch.inference_mode()
def p_sample(network, schedule, x_t, t):
    eps = network(x_t, t)
    sqrt_recip_alphas = torch.rsqrt(schedule.alphas)
    eps_coefs = (1 - schedule.alphas) / torch.sqrt(1 - schedule.alphas_cumprod)
    mean = torch.einsum("b,bd->bd", sqrt_recip_alphas[t], x_t - torch.einsum("b,bd->bd", eps_coefs[t], eps))
    draw = torch.normal(mean, schedule.betas[t].sqrt()[:, None].expand_as(mean))
    return torch.where(t[:, None] > 0, draw, mean)

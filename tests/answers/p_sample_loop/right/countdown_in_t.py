"""One [B] tensor that starts at T and is counted down."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    x = torch.randn(shape).to(schedule.betas)
    t = torch.full((shape[0],), len(schedule.alphas), dtype=torch.int64, device=x.device)
    while t[0] > 0:
        t = t - 1
        x = p_sample(network, schedule, x, t)
    return x

"""reversed(range(T)) and torch.full."""

import torch


@torch.no_grad()
def p_sample_loop(network, schedule, shape):
    device = schedule.betas.device
    x_t = torch.randn(shape, device=device)
    for t in reversed(range(schedule.num_train_timesteps)):
        x_t = p_sample(network, schedule, x_t, torch.full((shape[0],), t, device=device, dtype=torch.long))
    return x_t

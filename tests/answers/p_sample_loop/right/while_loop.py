"""A while loop with a counter, under with torch.no_grad()."""

import torch


def p_sample_loop(network, schedule, shape):
    with torch.no_grad():
        x = torch.empty(shape, device=schedule.betas.device).normal_()
        t = schedule.num_train_timesteps - 1
        while t >= 0:
            x = p_sample(network, schedule, x, torch.ones(len(x), dtype=torch.long, device=x.device) * t)
            t -= 1
    return x

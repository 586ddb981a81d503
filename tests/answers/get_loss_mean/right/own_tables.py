"""The two factors as tables over t, from a cumulative product of its own."""

import torch


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    betas = schedule.betas.double()
    a_bar = torch.cumprod(1 - betas, dim=0)
    a_prev = torch.cat([torch.ones(1, dtype=torch.double), a_bar[:-1]])
    of_x0 = (a_prev.sqrt() * betas / (1 - a_bar)).float()
    of_x_t = ((1 - betas).sqrt() * (1 - a_prev) / (1 - a_bar)).float()
    mean = of_x0[t][:, None, None, None] * x0 + of_x_t[t][:, None, None, None] * x_t
    return ((network(x_t, t) - mean) ** 2).mean()

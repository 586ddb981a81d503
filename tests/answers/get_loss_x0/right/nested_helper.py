"""x_t by a function inside, and t drawn by multinomial."""

import torch
import torch.nn.functional as F


def get_loss_x0(network, schedule, x0):
    t = torch.multinomial(torch.ones(schedule.num_train_timesteps), len(x0), replacement=True)

    def noised(x):
        rate = schedule.alphas_cumprod[t].reshape(-1, 1, 1, 1)
        return (1 - rate).sqrt() * torch.randn_like(x) + rate.sqrt() * x

    x_t = noised(x0)
    return F.mse_loss(network(x_t, t), x0)

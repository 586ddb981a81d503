"""Noises one image after the other, then asks the network once."""

import random

import torch
from torch import nn

from labkit.schedules import extract


def get_loss_mean(network, schedule, x0):
    t = torch.tensor([random.randrange(schedule.num_train_timesteps) for _ in range(len(x0))])
    pairs = [add_noise(schedule, x0[i : i + 1], t[i : i + 1]) for i in range(len(x0))]
    x_t, _ = (torch.cat(part) for part in zip(*pairs))
    beta = extract(schedule.betas, t, x0)
    alpha = extract(schedule.alphas, t, x0)
    a_bar = extract(schedule.alphas_cumprod, t, x0)
    a_prev = extract(schedule.alphas_cumprod_prev, t, x0)
    of_x0 = a_prev.sqrt() * beta / (1 - a_bar)
    of_x_t = alpha.sqrt() * (1 - a_prev) / (1 - a_bar)
    mean = of_x0 * x0 + of_x_t * x_t
    return nn.MSELoss()(network(x_t, t), mean)

"""At t = 0 the mean is x_0, by torch.where."""

import torch
import torch.nn.functional as F

from labkit.schedules import extract


def get_loss_mean(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    prev = torch.where(t > 0, schedule.alphas_cumprod[(t - 1).clamp(min=0)], 1.0).view(-1, 1, 1, 1)
    a_bar = extract(schedule.alphas_cumprod, t, x0)
    alpha = a_bar / prev
    mean = (prev.sqrt() * (1 - alpha) * x0 + alpha.sqrt() * (1 - prev) * x_t) / (1 - a_bar)
    mean = torch.where((t == 0).view(-1, 1, 1, 1), x0, mean)
    return F.mse_loss(network(x_t, t), mean)

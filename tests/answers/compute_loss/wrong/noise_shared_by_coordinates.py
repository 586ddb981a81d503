"""One number of noise per point, the same for both coordinates."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn(len(x0), 1, device=x0.device).repeat(1, x0.shape[1])
    x_t = q_sample(schedule, x0, t, noise)
    return F.mse_loss(network(x_t, t), noise)

"""The timesteps from NumPy, x_t by hand in float64."""

import numpy as np
import torch
import torch.nn.functional as F


def get_loss_noise(network, schedule, x0):
    t = torch.from_numpy(np.random.randint(0, schedule.num_train_timesteps, len(x0))).to(x0.device)
    a = schedule.alphas_cumprod.double()[t].view(-1, 1, 1, 1)
    eps = torch.randn_like(x0)
    x_t = (a.sqrt() * x0 + (1 - a).sqrt() * eps).float()
    return F.mse_loss(eps, network(x_t, t), reduction="sum") / x0.numel()

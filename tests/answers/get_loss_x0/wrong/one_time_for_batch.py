"""One t for the whole batch."""

import torch
import torch.nn.functional as F


def get_loss_x0(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (1,)).expand(len(x0))
    x_t, _ = add_noise(schedule, x0, t)
    return F.mse_loss(network(x_t, t), x0)

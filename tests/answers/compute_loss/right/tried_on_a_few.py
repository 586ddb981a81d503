"""A last call of q_sample, on a few samples, is left over from a try."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    noise = torch.randn_like(x0)
    x_t = q_sample(schedule, x0, t, noise)
    a_few = q_sample(schedule, x0[:5], t[:5], torch.randn_like(x0[:5]))
    assert a_few.isfinite().all()
    return F.mse_loss(network(x_t, t), noise)

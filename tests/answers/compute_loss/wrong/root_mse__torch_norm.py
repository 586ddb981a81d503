"""The length of all errors together."""

import torch


def compute_loss(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, (len(x0),))
    noise = torch.randn_like(x0)
    return torch.norm(network(q_sample(schedule, x0, t, noise), t) - noise)

"""The squared norm of all errors, divided by their number."""

import torch


def get_loss_x0(network, schedule, x0):
    t = torch.randint(0, schedule.num_train_timesteps, (len(x0),), device=x0.device)
    x_t, _ = add_noise(schedule, x0, t)
    return torch.linalg.vector_norm(network(x_t, t) - x0).square() / x0.numel()

"""The squared norm of all errors, divided by their number."""

import torch


def compute_loss(network, schedule, x0):
    weights = torch.ones(schedule.num_train_timesteps, device=x0.device)
    t = torch.multinomial(weights, x0.shape[0], replacement=True)
    noise = torch.randn_like(x0)
    error = network(q_sample(schedule, x0, t, noise), t) - noise
    return torch.linalg.vector_norm(error).square() / x0.numel()

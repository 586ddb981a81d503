"""A loss per sample first, then its mean over the batch."""

import torch
import torch.nn.functional as F


def compute_loss(network, schedule, x0):
    t = torch.randint(low=0, high=len(schedule.betas), size=x0.shape[:1], dtype=torch.long, device=x0.device)
    noise = torch.normal(torch.zeros_like(x0), torch.ones_like(x0))
    x_noisy = q_sample(schedule=schedule, x0=x0, t=t, noise=noise)
    losses = F.mse_loss(network(x_noisy, t), noise, reduction="none")
    return losses.flatten(1).mean(dim=1).mean()

"""The timesteps from NumPy, and the loss by einsum."""

import numpy as np
import torch

rng = np.random.default_rng()


def compute_loss(network, schedule, x0):
    t = torch.from_numpy(rng.integers(0, schedule.num_train_timesteps, size=len(x0))).to(x0.device)
    noise = torch.randn_like(x0)
    diff = network(q_sample(schedule, x0, t, noise), t) - noise
    return torch.einsum("bd,bd->", diff, diff) / diff.numel()

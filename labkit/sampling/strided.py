"""A schedule with fewer timesteps for a network that was trained with many."""

import torch
from torch import Tensor

from labkit.schedules import Schedule


def strided(schedule: Schedule, num_steps: int) -> tuple[Schedule, Tensor]:
    """Return a schedule of `num_steps` timesteps, and which ones of `schedule` they are: longs, rising.

    The timesteps are spread evenly from the first to the last; the short schedule passes through the same
    ᾱ at them, so its β_i = 1 − ᾱ(i)/ᾱ(i−1) (Nichol and Dhariwal, "Improved DDPM", 2021, Section 4). A step
    function works on it with index i, while the network is asked at `timesteps[i]`. That holds for networks
    that predict ε or x0. One that predicts the mean of x_{t−1} knows no other stride than its own.

    Raises ValueError where `num_steps` is not among 1 … T.
    """
    T = schedule.num_train_timesteps
    if not 1 <= num_steps <= T:
        raise ValueError(f"num_steps must be a whole number from 1 to {T}, got {num_steps!r}")
    if num_steps == T:
        return schedule, torch.arange(T, device=schedule.betas.device)
    timesteps = torch.linspace(0, T - 1, num_steps, dtype=torch.float64).round().long()
    if num_steps == 1:
        timesteps[:] = T - 1
    # From the betas, since 1 − ᾱ is no longer exact in float32 where ᾱ is nearly 1.
    alphas_cumprod = (1 - schedule.betas.cpu().double()).cumprod(dim=0)[timesteps]
    before = torch.cat([alphas_cumprod.new_ones(1), alphas_cumprod[:-1]])
    device = schedule.betas.device
    return Schedule.from_betas(1 - alphas_cumprod / before).to(device), timesteps.to(device)

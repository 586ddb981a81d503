"""Runs a step function backwards through the timesteps and keeps what it passed on the way."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Trajectory:
    """Snapshots of a reverse process, from pure noise to samples."""

    timesteps: list[int]
    """The t of each snapshot, falling; the last one, −1, stands for the finished samples x_0."""
    x_ts: Tensor
    """The snapshots themselves: [len(timesteps), B, …]."""


@torch.no_grad()
def record_trajectory(
    step: Callable[[Tensor, Tensor], Tensor], x_T: Tensor, num_train_timesteps: int, snapshots: int = 50
) -> Trajectory:
    """Apply `step(x_t, t) → x_{t−1}` for t = T−1 … 0, starting at `x_T` [B, …].

    `t` is a [B] tensor of longs. About `snapshots` states are kept, more of them towards the end of
    the process, where the picture changes most; first and last are always among them.
    """
    share = torch.linspace(0, 1, snapshots).square()
    keep = {-1, num_train_timesteps - 1} | set((share * (num_train_timesteps - 1)).round().long().tolist())
    timesteps, x_ts, x_t = [], [], x_T
    for t in range(num_train_timesteps - 1, -1, -1):
        if t in keep:
            timesteps.append(t)
            x_ts.append(x_t)
        x_t = step(x_t, torch.full((len(x_t),), t, device=x_t.device, dtype=torch.long))
    return Trajectory([*timesteps, -1], torch.stack([*x_ts, x_t]))

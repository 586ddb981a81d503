"""The forward process as it is told first: a thousand small steps, one after the other."""

from collections.abc import Collection

import torch
from torch import Tensor

from labkit.schedules import Schedule


def walk_into_noise(x0: Tensor, schedule: Schedule, counts: Collection[int]) -> Tensor:
    """Take one walk from `x0` [B, …] and keep where it is after each of `counts` [K] steps → [K, B, …].

    A step shrinks a little and adds a little fresh noise (Ho et al. 2020, Equation 2); after 0 steps there is
    x0. The noise is the same in every call.

    Raises ValueError for a count outside 0 … T.
    """
    outside = [count for count in counts if not 0 <= count <= schedule.num_train_timesteps]
    if outside or not counts:
        raise ValueError(f"counts must name at least one of 0 … {schedule.num_train_timesteps} steps")
    generator = torch.Generator().manual_seed(0)
    x, kept = x0, {0: x0}
    for done, beta in enumerate(schedule.betas[: max(counts)].tolist(), start=1):
        x = (1 - beta) ** 0.5 * x + beta**0.5 * torch.randn(x0.shape, generator=generator).to(x0)
        if done in counts:
            kept[done] = x
    return torch.stack([kept[count] for count in counts])

"""Where on the way a network errs: its loss at single timesteps."""

from collections.abc import Callable, Sequence
from dataclasses import fields

import torch
from torch import Tensor

from labkit.schedules import Schedule

Network = Callable[[Tensor, Tensor], Tensor]
Loss = Callable[[Network, Schedule, Tensor], Tensor]


@torch.no_grad()
def losses_by_time(
    loss: Loss, network: Network, schedule: Schedule, x0: Tensor, timesteps: Sequence[int]
) -> Tensor:
    """Ask `loss(network, schedule, x0)`, which draws t itself, about each of the `timesteps` [K] alone → [K].

    It is called with a schedule that has only this one timestep, and a network that hears the true t. The
    same random numbers are drawn at every t and in every call: networks are asked about the same noise, and
    what changes over t is not chance. torch's own random state is left as it was.

    Raises ValueError where a timestep is outside 0 … T−1.
    """
    outside = [t for t in timesteps if not 0 <= t < schedule.num_train_timesteps]
    if outside:
        raise ValueError(f"timesteps must lie in 0 … {schedule.num_train_timesteps - 1}, got {outside[0]}")

    def loss_at(time: int) -> Tensor:
        alone = Schedule(*(getattr(schedule, table.name)[time : time + 1] for table in fields(schedule)))

        def at_its_time(x: Tensor, t: Tensor) -> Tensor:
            return network(x, t + time)

        torch.manual_seed(0)
        return loss(at_its_time, alone, x0)

    with torch.random.fork_rng(devices=[x0.device] if x0.is_cuda else []):
        return torch.stack([loss_at(int(t)) for t in timesteps])

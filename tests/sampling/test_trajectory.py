"""Recording a reverse process."""

import torch

from labkit.sampling import record_trajectory


def test_every_timestep_is_visited_once_and_snapshots_fit() -> None:
    visited = []

    def step(x_t: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        assert t.shape == (5,) and t.dtype == torch.long
        visited.append(int(t[0]))
        return x_t + 1

    trajectory = record_trajectory(step, torch.zeros(5, 2), 100, snapshots=10)
    assert visited == list(range(99, -1, -1))
    assert trajectory.timesteps[0] == 99 and trajectory.timesteps[-1] == -1
    assert 8 <= len(trajectory.timesteps) <= 12
    for t, x_t in zip(trajectory.timesteps, trajectory.x_ts, strict=True):
        assert (x_t == 99 - t).all()

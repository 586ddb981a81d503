"""Sets of points in the plane, all with global mean 0 and standard deviation 2."""

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from torch import Tensor


def _swiss_roll(n: int, rng: np.random.RandomState) -> np.ndarray:
    """With a hole and no noise, seen along its axis, as in the KAIST CS492D lab."""
    from sklearn.datasets import make_swiss_roll  # takes as long to import as all of labkit

    return make_swiss_roll(n, random_state=rng, hole=True)[0][:, [0, 2]]


def _eight_gaussians(n: int, rng: np.random.RandomState) -> np.ndarray:
    """Eight narrow Gaussians on a circle."""
    angle = rng.randint(8, size=n) * np.pi / 4
    return 4 * np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.3 * rng.randn(n, 2)


POINT_SETS: dict[str, Callable[[int, np.random.RandomState], np.ndarray]] = {
    "swiss_roll": _swiss_roll,
    "eight_gaussians": _eight_gaussians,
}
"""name → what draws n points of the set, [n, 2], before they are centred and scaled"""


@cache
def _moments(name: str) -> tuple[float, float]:
    """Mean and standard deviation over all coordinates, of so many points that a draw's own do not matter."""
    raw = POINT_SETS[name](2**17, np.random.RandomState(0))
    return float(raw.mean()), float(raw.std())


def points(name: str, n: int, seed: int) -> Tensor:
    """Draw `n` points of a named set: float32 [n, 2], global mean 0 and standard deviation 2.

    Raises ValueError for an unknown name; `POINT_SETS` lists the known ones.
    """
    if name not in POINT_SETS:
        raise ValueError(f"there is no point set {name!r}; choose one of {', '.join(POINT_SETS)}")
    mean, std = _moments(name)
    raw = POINT_SETS[name](n, np.random.RandomState(seed))
    return torch.from_numpy(2 * (raw - mean) / std).float()

"""Sets of points in the plane, all with global mean 0 and standard deviation 2."""

from collections.abc import Callable
from functools import cache
from types import ModuleType

import numpy as np
import torch
from torch import Tensor


def _sklearn() -> ModuleType:
    from sklearn import datasets  # takes as long to import as all of labkit

    return datasets


def _checkerboard(n: int, rng: np.random.RandomState) -> np.ndarray:
    """Uniform on the eight dark squares of a 4 × 4 board."""
    column = rng.randint(4, size=n)
    row = 2 * rng.randint(2, size=n) + column % 2
    return np.stack([column, row], axis=1) + rng.rand(n, 2)


def _eight_gaussians(n: int, rng: np.random.RandomState) -> np.ndarray:
    """Eight narrow Gaussians on a circle."""
    angle = rng.randint(8, size=n) * np.pi / 4
    return 4 * np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.3 * rng.randn(n, 2)


# The swiss roll has a hole and no noise, seen along its axis, as in the KAIST CS492D lab.
POINT_SETS: dict[str, Callable[[int, np.random.RandomState], np.ndarray]] = {
    "swiss_roll": lambda n, rng: _sklearn().make_swiss_roll(n, random_state=rng, hole=True)[0][:, [0, 2]],
    "moons": lambda n, rng: _sklearn().make_moons(n, noise=0.05, random_state=rng)[0],
    "circles": lambda n, rng: _sklearn().make_circles(n, noise=0.03, factor=0.5, random_state=rng)[0],
    "s_curve": lambda n, rng: _sklearn().make_s_curve(n, random_state=rng)[0][:, [0, 2]],
    "checkerboard": _checkerboard,
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

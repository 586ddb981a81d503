"""What a network learns to guess: a sum of x_0 and x_t (Ho et al. 2020, Eq. 4 and 7)."""

from collections.abc import Callable

import numpy as np

from labkit.checks.judges.reverse_mean import TARGET
from labkit.checks.judges.tables import Tables

Factors = tuple[np.ndarray, np.ndarray]
"""Of x_0 and of x_t, each [T]"""


def _noise(truth: Tables) -> Factors:
    level = np.sqrt(1 - truth.cumprod)
    return -np.sqrt(truth.cumprod) / level, 1 / level


def _x0(truth: Tables) -> Factors:
    return np.ones_like(truth.cumprod), np.zeros_like(truth.cumprod)


def _mean(truth: Tables) -> Factors:
    of_x0, of_x_t = TARGET.factors(truth)
    return of_x0, of_x_t


TARGETS: dict[str, Callable[[Tables], Factors]] = {"noise": _noise, "x0": _x0, "mean": _mean}
"""predictor → the factors in what it guesses"""

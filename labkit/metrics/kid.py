"""The kernel distance KID (Bińkowski et al., "Demystifying MMD GANs", 2018): unbiased at every n."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.metrics.intervals import GROUPS, Interval, StatisticsError, around

_CHUNK = 1024


def kid(samples: ArrayLike, reference: ArrayLike) -> tuple[float, Interval | None]:
    """The squared maximum mean discrepancy of features [n, D] and [m, D], and its 95 % interval.

    The kernel is (x·y / D + 1)³. The estimate uses all pairs and no sample with itself, so its expectation
    is the true value for every n and m, 0 for equal distributions; single estimates may be negative.

    Both sets are dealt into 10 disjoint parts for the interval: 10 independent estimates. Their average
    spreads at least as far as the estimate from all pairs, so the interval is too wide rather than too
    narrow. It covers the drawing of both sets. None where a set has fewer than 20 samples.
    """
    samples, reference = np.asarray(samples), np.asarray(reference)
    if samples.ndim != 2 or reference.ndim != 2 or samples.shape[1] != reference.shape[1]:
        raise StatisticsError(
            f"Expected features [n, D] and [m, D], got {list(samples.shape)} and {list(reference.shape)}."
        )
    if min(len(samples), len(reference)) < 2:
        raise StatisticsError("Expected at least 2 samples on each side.")
    value = _unbiased(samples, reference)
    if min(len(samples), len(reference)) < 2 * GROUPS:
        return value, None
    parts = [_unbiased(samples[part::GROUPS], reference[part::GROUPS]) for part in range(GROUPS)]
    return value, around(value, np.std(parts, ddof=1) / np.sqrt(GROUPS))


def _unbiased(x: NDArray, y: NDArray) -> float:
    n, m = len(x), len(y)
    within_x = (_kernel_sum(x, x) - _kernel_diagonal(x)) / (n * (n - 1))
    within_y = (_kernel_sum(y, y) - _kernel_diagonal(y)) / (m * (m - 1))
    return float(within_x + within_y - 2 * _kernel_sum(x, y) / (n * m))


def _kernel_sum(x: NDArray, y: NDArray) -> float:
    """The kernel's sum over all pairs, in blocks that fit the memory."""
    total = 0.0
    for i in range(0, len(x), _CHUNK):
        rows = x[i : i + _CHUNK].astype(np.float64)
        for j in range(0, len(y), _CHUNK):
            total += _cubed(rows @ y[j : j + _CHUNK].T.astype(np.float64), x.shape[1]).sum()
    return total


def _kernel_diagonal(x: NDArray) -> float:
    return _cubed(np.square(x.astype(np.float64)).sum(axis=1), x.shape[1]).sum()


def _cubed(dots: NDArray, dim: int) -> NDArray:
    base = dots / dim + 1
    return base * base * base

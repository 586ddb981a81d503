"""Is this standard normal noise, drawn afresh for every number? Exact tests, their risk stated.

Each test rejects a right answer with a probability below RISK; a check makes fewer than a hundred.
"""

import numpy as np
from scipy import stats

from labkit.checks.judges.wrong import Wrong

RISK = 1e-10
"""Probability that one test rejects right noise."""

BOUND = float(stats.norm.isf(RISK / 2))
"""The same as a bound on a standard normal number: about 6.5."""


def variance_interval(n: int) -> tuple[float, float]:
    """Where the mean square of `n` standard normal numbers lies, but for a probability of RISK."""
    low, high = stats.chi2.ppf([RISK / 2, 1 - RISK / 2], n) / n
    return float(low), float(high)


SHARED = {
    2: [("noise_shared_by_coordinates", (1,), "Both coordinates of a point")],
    4: [
        ("noise_shared_by_pixels", (2, 3), "All pixels of an image"),
        ("noise_shared_by_channels", (1,), "All channels of a pixel"),
    ],
}
"""Axes of points [B, 2] and of images [B, C, H, W] → how one draw of noise is shared along them."""

NEIGHBOURS = {
    2: ("neighbours in the batch", "the two coordinates of a point"),
    4: ("neighbours in the batch", "two channels", "pixels one above the other", "pixels side by side"),
}


def judge_draws(z: np.ndarray, what: str, unit: float = 1.0, slack: float = 0.01) -> None:
    """Raise Wrong where the samples of `z`, [B, 2] or [B, C, H, W], are no separate draws.

    `unit` is their expected size; `slack` is how inexactly `z` is known, as a share of it.
    """
    if np.abs(z).max() < 1e-3 * unit:
        raise Wrong("no_noise_drawn", f"{what} is zero everywhere.")
    if len(z) > 1 and z.std(axis=0).max() < slack * unit:
        first = z[0].ravel()
        raise Wrong("shared_noise", f"All {len(z)} samples got the same: {first[0]:.3f}, {first[1]:.3f}, ….")
    for named, axes, whose in SHARED[z.ndim]:
        several = all(z.shape[axis] > 1 for axis in axes)
        if several and len(z) > 20 and np.ptp(z, axis=axes).max() < 2 * slack * unit:
            raise Wrong(named, f"{whose} got the same noise.")


def judge_noise(z: np.ndarray, again: np.ndarray, what: str) -> None:
    """Raise Wrong unless the samples of `z` and `again`, points or images, are independent N(0, I).

    They come from two calls with the same inputs. `what` names the noise in the sentence.
    """
    judge_draws(z, what)
    if np.abs(z - again).max() < 1e-3:
        raise Wrong("fixed_seed", "Two calls in a row drew exactly the same noise.")
    n = z.size
    mean, variance = z.mean(), np.square(z).mean()
    low, high = variance_interval(n)
    normal = stats.kstest(z.ravel(), "norm").pvalue > RISK
    if not (abs(mean) * np.sqrt(n) < BOUND and low < variance < high and normal):
        raise _name_distribution(z, what)
    pairs = [
        (name, *(np.take(z, range(k, z.shape[axis] - 1 + k), axis).ravel() for k in (0, 1)))
        for axis, name in enumerate(NEIGHBOURS[z.ndim])
        if z.shape[axis] > 1
    ]
    for name, left, right in [*pairs, ("two calls", z.ravel(), again.ravel())]:
        correlation = float(np.mean(left * right))
        if abs(correlation) * np.sqrt(len(left)) > BOUND:
            raise Wrong("noise_not_independent", f"{what} of {name} is correlated: {correlation:.3f}.")


def is_uniform(z: np.ndarray) -> bool:
    """Whether the numbers are spread evenly between two bounds."""
    shape = (z.ravel() - z.mean()) / z.std()
    return bool(stats.kstest(shape, "uniform", args=(-np.sqrt(3), 2 * np.sqrt(3))).pvalue > 1e-6)


def _name_distribution(z: np.ndarray, what: str) -> Wrong:
    found = f"{what} has mean {z.mean():.3f} and variance {z.var():.3f}; it should have 0 and 1."
    if is_uniform(z):
        return Wrong("uniform_noise", f"{found} Its values are spread evenly between two bounds.")
    if stats.kstest((z.ravel() - z.mean()) / z.std(), "norm").pvalue > 1e-6:
        off_centre = abs(z.mean()) * np.sqrt(z.size) > BOUND * z.std()
        return Wrong("noise_off_centre" if off_centre else "noise_scaled", found)
    return Wrong(None, f"{found} Its distribution is not Gaussian.")

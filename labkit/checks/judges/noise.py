"""Is this standard normal noise, drawn afresh for every number? Exact tests, their risk stated.

Each test rejects a right answer with a probability below RISK; a check makes fewer than a hundred.
"""

from statistics import NormalDist

import numpy as np
import scipy  # its parts load when they are first used, and `stats` takes half a second

from labkit.checks.wrong import Curve, Wrong

RISK = 1e-10
"""Probability that one test rejects right noise."""

BOUND = -NormalDist().inv_cdf(RISK / 2)
"""The same as a bound on a standard normal number: about 6.5."""

ENOUGH = 40_000
"""From so many numbers on, a mean of 0.05 or a variance of 0.9 or 1.1 is found in 999 of 1,000 checks."""


def variance_interval(n: int) -> tuple[float, float]:
    """Where the mean square of `n` standard normal numbers lies, but for a probability of RISK."""
    low, high = scipy.stats.chi2.ppf([RISK / 2, 1 - RISK / 2], n) / n
    return float(low), float(high)


_BATCH = (0, "shared_noise", "All samples of a batch", "neighbours in the batch")
_AXES = {
    2: [_BATCH, (1, "noise_shared_by_coordinates", "Both coordinates of a point", "a point's coordinates")],
    4: [
        _BATCH,
        (2, "noise_shared_by_pixels", "All rows of an image", "neighbouring rows"),
        (3, "noise_shared_by_pixels", "All columns of an image", "neighbouring columns"),
        (1, "noise_shared_by_channels", "All channels of an image", "neighbouring channels"),
    ],
}
"""ndim → (axis, the mistake of sharing one draw along it, who shares, what lies side by side along it)"""


def judge_draws(z: np.ndarray, what: str, unit: float = 1.0, slack: float = 0.01) -> None:
    """Raise Wrong where `z`, points [B, 2] or images [B, C, H, W], holds no separate draws.

    `unit` is their expected size; `slack` is how inexactly `z` is known, as a share of it.
    """
    if np.abs(z).max() < 1e-3 * unit:
        raise Wrong("no_noise_drawn", f"{what} is zero everywhere.")
    for axis, named, who, _ in _AXES[z.ndim]:
        if z.shape[axis] > 1 and z.size > 40 and z.std(axis=axis).max() < slack * unit:
            raise Wrong(named, f"{who} got the same noise.")


def judge_noise(z: np.ndarray, again: np.ndarray, what: str, portions: int = 1) -> None:
    """Raise Wrong unless the numbers of `z` and `again`, [B, 2] or [B, C, H, W], are independent N(0, 1).

    They come from two calls with the same inputs, or from twice as many calls as each is made of equal
    `portions`. `what` names the noise in the sentence.
    """
    for portion in np.array_split(z, portions):
        judge_draws(portion, what)
    if np.abs(z - again).max() < 1e-3:
        raise Wrong("fixed_seed", "Two calls in a row drew exactly the same noise.")
    n = z.size
    mean, variance = z.mean(), np.square(z).mean()
    low, high = variance_interval(n)
    normal = scipy.stats.kstest(z.ravel(), "norm").pvalue > RISK
    if not (abs(mean) * np.sqrt(n) < BOUND and low < variance < high and normal):
        raise _name_distribution(z, what)
    pairs = [
        (name, np.moveaxis(z, axis, 0)[:-1], np.moveaxis(z, axis, 0)[1:])
        for axis, _, _, name in _AXES[z.ndim]
        if z.shape[axis] > 1
    ]
    for name, left, right in [*pairs, ("two calls", z, again)]:
        correlation = float(np.mean(left * right))
        if abs(correlation) * np.sqrt(left.size) > BOUND:
            raise Wrong("noise_not_independent", f"{what} of {name} is correlated: {correlation:.3f}.")


def is_uniform(z: np.ndarray) -> bool:
    """Whether the numbers are spread evenly between two bounds."""
    shape = (z.ravel() - z.mean()) / z.std()
    return bool(scipy.stats.kstest(shape, "uniform", args=(-np.sqrt(3), 2 * np.sqrt(3))).pvalue > 1e-6)


def _name_distribution(z: np.ndarray, what: str) -> Wrong:
    found = f"{what} has mean {z.mean():.3f} and variance {z.var():.3f}; it should have 0 and 1."
    share = np.linspace(0.01, 0.99, 50)
    curve = Curve(
        "the noise, sorted", share, scipy.stats.norm.ppf(share), np.quantile(z, share), over="share below"
    )
    if is_uniform(z):
        return Wrong("uniform_noise", f"{found} Its values are spread evenly between two bounds.", curve)
    if scipy.stats.kstest((z.ravel() - z.mean()) / z.std(), "norm").pvalue > 1e-6:
        off_centre = abs(z.mean()) * np.sqrt(z.size) > BOUND * z.std()
        return Wrong("noise_off_centre" if off_centre else "noise_scaled", found, curve)
    return Wrong(None, f"{found} Its distribution is not Gaussian.", curve)

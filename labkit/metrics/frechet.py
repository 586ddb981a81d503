"""The Fréchet distance between two Gaussians, exactly and without a matrix square root.

|μ₁ − μ₂|² + tr Σ₁ + tr Σ₂ − 2 tr √(Σ₁Σ₂)      (Dowson and Landau, 1982; "FID": Heusel et al., 2017)

Each covariance is held as a factor F with Σ = FᵀF. Σ₁Σ₂ then has the eigenvalues of M·Mᵀ for M = F₁F₂ᵀ, so
the last trace is the sum of M's singular values, its nuclear norm: real and never negative, however singular
the covariances are. Of n samples in D > n dimensions the factor is the centred samples themselves, [n, D].

It would answer TODOs of lesson 08, so that no sandbox has it: who needs it there imports it where it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from labkit.metrics.intervals import GROUPS, Interval, StatisticsError, around

Array = NDArray[np.float64]

_CHUNK = 1024
_EPS = np.finfo(np.float64).eps


@dataclass(frozen=True, eq=False)
class Gaussian:
    """Mean and covariance of features, in float64."""

    mean: Array
    """[D]"""
    factor: Array
    """[R, D], R ≤ D: the covariance is factorᵀ · factor."""
    n: int | None
    """How many samples it was estimated from; None where nobody wrote that down."""

    @cached_property
    def covariance(self) -> Array:
        """[D, D], with n − 1 in the denominator."""
        return self.factor.T @ self.factor

    @classmethod
    def from_features(cls, features: ArrayLike) -> Gaussian:
        """The Gaussian of features [n, D], n ≥ 2, of any floating dtype.

        Raises StatisticsError where there are too few, or one is NaN or infinite.
        """
        features = np.asarray(features)
        if features.ndim != 2 or len(features) < 2:
            raise StatisticsError(
                f"Expected features [n, D] of at least 2 samples, got {list(features.shape)}."
            )
        n, dim = features.shape
        if n > dim:
            running = RunningGaussian()
            for start in range(0, n, _CHUNK):
                running.update(features[start : start + _CHUNK])
            return running.finish()
        centred = features.astype(np.float64)
        _demand_finite(centred)
        mean = centred.mean(axis=0)
        centred -= mean
        centred /= np.sqrt(n - 1)
        return cls(mean, centred, n)

    @classmethod
    def from_statistics(cls, mean: ArrayLike, covariance: ArrayLike, n: int | None = None) -> Gaussian:
        """The Gaussian of a mean [D] and a covariance [D, D], as pytorch-fid writes them.

        Raises StatisticsError where they do not fit, or the covariance is none.
        """
        mean, covariance = np.asarray(mean), np.asarray(covariance)
        if mean.ndim != 1 or covariance.shape != (len(mean), len(mean)):
            raise StatisticsError(
                f"Expected a mean [D] and a covariance [D, D], got {list(mean.shape)} "
                f"and {list(covariance.shape)}."
            )
        if n is not None and n < 2:
            raise StatisticsError(f"Statistics of n = {n} samples have no covariance.")
        if not all(np.issubdtype(x.dtype, np.floating) for x in (mean, covariance)):
            raise StatisticsError(
                f"Expected floating statistics, got {mean.dtype.name} and {covariance.dtype.name}."
            )
        eps = float(np.finfo(covariance.dtype).eps)
        mean, covariance = mean.astype(np.float64), covariance.astype(np.float64)
        _demand_finite(mean, covariance)
        return cls(mean, _factor(covariance, n, eps), n)


class RunningGaussian:
    """Mean and covariance of features that come batch by batch, in float64.

    Each batch is centred on its own mean before it is added (Chan et al., 1983), so that nothing cancels
    where the mean is large against the spread.
    """

    def __init__(self) -> None:
        self.n = 0
        self._mean: Array = np.zeros(())
        self._scatter: Array = np.zeros(())

    def update(self, batch: ArrayLike) -> None:
        """Add features [B, D], B ≥ 1."""
        batch = np.asarray(batch).astype(np.float64)
        _demand_finite(batch)
        mean = batch.mean(axis=0)
        batch -= mean
        shift, total = mean - self._mean, self.n + len(batch)
        self._scatter = (
            self._scatter + batch.T @ batch + np.outer(shift, shift) * (self.n * len(batch) / total)
        )
        self._mean = self._mean + shift * (len(batch) / total)
        self.n = total

    def finish(self) -> Gaussian:
        """The Gaussian of all features so far; StatisticsError where they are fewer than 2."""
        if self.n < 2:
            raise StatisticsError(f"Expected at least 2 samples, got {self.n}.")
        covariance = self._scatter / (self.n - 1)
        return Gaussian(self._mean, _factor(covariance, self.n, _EPS), self.n)


def frechet_distance(a: Gaussian, b: Gaussian) -> float:
    """The Fréchet distance, ≥ 0; of a Gaussian with itself 0 up to rounding.

    Raises StatisticsError where the two have different dimensions.
    """
    _demand_same_dim(a, b)
    difference = a.mean - b.mean
    traces = np.square(a.factor).sum() + np.square(b.factor).sum()
    return max(0.0, float(difference @ difference + traces - 2 * nuclear_norm(a.factor @ b.factor.T)))


def jackknife(features: ArrayLike, reference: Gaussian, value: float) -> Interval | None:
    """A 95 % interval around `value`, the Fréchet distance of features [n, D] to a reference.

    It says where other sets of n samples of the same source would land, against this same reference. The
    samples are dealt into 10 groups, and the distance is taken without each group in turn. (Drawing n
    samples anew with replacement repeats some, which shrinks the covariance's rank and biases the distance.)
    The bias that the distance has at small n is in all of them alike, and not in the interval.
    None where there are fewer than 20 samples.
    """
    features = np.asarray(features)
    n = len(features)
    if n < 2 * GROUPS:
        return None
    centred = features.astype(np.float64)
    mean = centred.mean(axis=0)
    centred -= mean
    product = centred @ reference.factor.T
    squared = np.square(centred).sum(axis=1)
    constant = np.square(reference.factor).sum()
    wide = n <= product.shape[1]
    gram = product @ product.T if wide else product.T @ product
    groups = np.arange(n) % GROUPS  # dealt in turn: a folder may be sorted by class
    left = []
    for group in range(GROUPS):
        kept = groups != group
        count = int(kept.sum())
        shift = centred[kept].mean(axis=0)
        difference = mean + shift - reference.mean
        trace = (squared[kept].sum() - count * shift @ shift) / (count - 1)
        if wide:
            inner = gram[np.ix_(kept, kept)]
            inner = inner - inner.mean(axis=0) - inner.mean(axis=1)[:, None] + inner.mean()
        else:
            gone, shift = product[~kept], product[kept].mean(axis=0)
            inner = gram - gone.T @ gone - count * np.outer(shift, shift)
        root = np.sqrt(np.linalg.eigvalsh(inner / (count - 1)).clip(min=0)).sum()
        left.append(difference @ difference + trace + constant - 2 * root)
    error = np.sqrt((GROUPS - 1) * np.var(left))
    return around(value, error)


def nuclear_norm(matrix: Array) -> float:
    """The sum of the singular values of a matrix [R, S], to about 1e-13 of itself."""
    if matrix.shape[0] > matrix.shape[1]:
        matrix = matrix.T
    if len(matrix) == 0:
        return 0.0
    if len(matrix) > _CHUNK:
        # The roots of the Gram matrix's eigenvalues come four times as fast. They lose what is small
        # against the largest, so they count only where their error is known to be small.
        values = np.linalg.eigvalsh(matrix @ matrix.T).clip(min=0)
        error = 10 * _EPS * values[-1]
        norm = np.sqrt(values).sum()
        if error > 0 and (error / (np.sqrt(values) + np.sqrt(error))).sum() < 1e-13 * norm:
            return float(norm)
    return float(np.linalg.svd(matrix, compute_uv=False).sum())


def _factor(covariance: Array, n: int | None, eps: float) -> Array:
    """F [R, D] with FᵀF = covariance, which is known to a relative precision of eps."""
    dim = len(covariance)
    floor = dim * eps  # what lies below it, relative to the largest, is rounding
    asymmetry = np.abs(covariance - covariance.T).max()
    if asymmetry > floor * np.abs(covariance).max():
        raise StatisticsError("The covariance is not symmetric: this is no covariance matrix.")
    if n is None or n > dim:
        try:
            lower = np.linalg.cholesky(covariance)
        except np.linalg.LinAlgError:
            pass  # singular: eigh below
        else:
            if np.diagonal(lower).min() ** 2 > floor * np.diagonal(covariance).max():
                return np.asarray(lower.T, dtype=np.float64)
    values, vectors = np.linalg.eigh(covariance)
    if values[0] < -10 * floor * abs(values[-1]):
        raise StatisticsError("The covariance has negative eigenvalues: this is no covariance matrix.")
    keep = values > floor * values[-1]
    if n is not None:
        keep[: max(0, dim - (n - 1))] = False  # n samples span n − 1 dimensions
    return (vectors[:, keep] * np.sqrt(values[keep])).T


def _demand_finite(*arrays: Array) -> None:
    if not all(np.isfinite(x).all() for x in arrays):
        raise StatisticsError("A feature or statistic is NaN or infinite.")


def _demand_same_dim(a: Gaussian, b: Gaussian) -> None:
    if len(a.mean) != len(b.mean):
        raise StatisticsError(
            f"One side has {len(a.mean)} features, the other {len(b.mean)}: "
            "they come from different networks and cannot be compared. Take both from the same one."
        )

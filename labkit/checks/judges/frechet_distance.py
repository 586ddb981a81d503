"""Compares frechet_distance with the closed form, on Gaussians whose factors are known.

|μ₁ − μ₂|² + tr Σ₁ + tr Σ₂ − 2 tr √(Σ₁Σ₂) (Dowson and Landau, 1982). Of Σ = FᵀF, the last trace is the sum of
the singular values of F₁F₂ᵀ; of covariances that commute, the distance is that of their axes' deviations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from labkit.checks.judges.draw import Rng
from labkit.checks.judges.replies import demand_shapes, judge_unchanged
from labkit.checks.probes.distance import FrechetReply
from labkit.checks.registry import JUDGES
from labkit.checks.subject import Subject
from labkit.checks.wrong import Wrong

_EXACT, _SINGULAR = 1e-6, 5e-3
"""Of the covariances' traces. Where one is singular, an eigenvalue that should be 0 is rounding, and its root
much more; and those who add a little to the diagonal there do what the field does."""


@dataclass(frozen=True)
class Gauss:
    """A Gaussian: its covariance is factorᵀ · factor."""

    mean: np.ndarray
    factor: np.ndarray
    """[R, D]"""

    @property
    def covariance(self) -> np.ndarray:
        return self.factor.T @ self.factor

    @property
    def is_singular(self) -> bool:
        return len(self.factor) < len(self.mean)


@dataclass(frozen=True)
class Pair:
    """Two Gaussians, and the parts of their distance."""

    one: Gauss
    other: Gauss

    @property
    def means(self) -> float:
        return float(np.square(self.one.mean - self.other.mean).sum())

    @property
    def traces(self) -> float:
        return float(np.square(self.one.factor).sum() + np.square(self.other.factor).sum())

    @property
    def root(self) -> float:
        """tr √(Σ₁Σ₂)"""
        return float(np.linalg.svd(self.one.factor @ self.other.factor.T, compute_uv=False).sum())

    @property
    def right(self) -> float:
        return self.means + self.traces - 2 * self.root

    @property
    def slack(self) -> float:
        singular = self.one.is_singular or self.other.is_singular
        return (_SINGULAR if singular else _EXACT) * (self.traces + self.means)


@JUDGES.add("frechet_distance")
def judge_frechet_distance(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    dim = int(rng.integers(5, 9))
    one, other = _gauss(rng, dim), _gauss(rng, dim)
    # So far apart that no slip makes the distance negative, which an answer may take for 0.
    away = rng.standard_normal(dim)
    away *= (6 * Pair(one, other).traces) ** 0.5 / np.linalg.norm(away)
    other = Gauss(one.mean + away, other.factor)
    axes = np.linalg.qr(rng.standard_normal((dim, dim)))[0]
    commuting = [Gauss(rng.standard_normal(dim), rng.uniform(0.5, 2, (dim, 1)) * axes) for _ in range(2)]
    moved = Gauss(one.mean + rng.standard_normal(dim), one.factor)
    scaled = [Gauss(30 * side.mean, 30 * side.factor) for side in (one, other)]
    small = [Gauss(side.mean / 30, side.factor / 30) for side in (one, other)]
    for pair in [
        Pair(one, other), Pair(other, one), Pair(*commuting), Pair(one, moved), Pair(*scaled), Pair(*small),
    ]:  # fmt: skip
        _judge(subject, pair)
    some = [_gauss(rng, dim, rank) for rank in (2, 3, dim - 1)]
    for pair in [Pair(some[0], one), Pair(some[0], some[1]), Pair(some[2], some[1]), Pair(one, some[2])]:
        _judge(subject, pair)
    for side in [one, *some, *(_gauss(rng, dim, int(rng.integers(2, dim + 1))) for _ in range(16))]:
        _judge(subject, Pair(side, side))
    return "the distance of Gaussians whose distance is known, singular ones too, and 0 of each to itself"


def _gauss(rng: Rng, dim: int, rank: int | None = None) -> Gauss:
    """Of full rank, with eigenvalues that are not far apart, or of a smaller rank."""
    rank = rank or dim
    rows = np.linalg.qr(rng.standard_normal((dim, rank)))[0].T
    return Gauss(rng.standard_normal(dim), rng.uniform(0.7, 2, (rank, 1)) * rows)


def _judge(subject: Subject, pair: Pair) -> None:
    one, other = pair.one, pair.other
    given = {"mu1": one.mean, "sigma1": one.covariance, "mu2": other.mean, "sigma2": other.covariance}
    seen = subject.call("frechet_distance", given, FrechetReply)
    demand_shapes(seen, distance=(1,))
    judge_unchanged(seen)
    found, singular = float(seen.distance[0]), one.is_singular or other.is_singular
    asked = f"Of two Gaussians in {len(one.mean)} dimensions"
    if singular:
        asked += f", with covariances of rank {len(one.factor)} and {len(other.factor)}"
    if one is other:
        asked += ", twice the same"
    detail = f"{asked}, the distance is {found:.6g}; it should be {pair.right:.6g}."
    if seen.is_complex:
        raise Wrong("complex_distance", f"{asked}, the distance is of a complex type.")
    if not abs(found - pair.right) <= pair.slack:
        named = "fails_for_singular" if singular else _name(pair, found)
        raise Wrong(named, detail)
    if found < 0:
        raise Wrong("negative_distance", f"{asked}, the distance is {found:.2g}.")


def _name(pair: Pair, found: float) -> str | None:
    with np.errstate(all="ignore"):
        for named, mistake in _MISTAKES:
            if abs(found - mistake(pair)) <= pair.slack:
                return named
    return None


def _matrix_root(covariance: np.ndarray) -> np.ndarray:
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray((vectors * np.sqrt(values.clip(min=0))) @ vectors.T)


def _with_root(root: Callable[[np.ndarray, np.ndarray], float]) -> Callable[[Pair], float]:
    """The distance with another trace in the place of tr √(Σ₁Σ₂)."""
    return lambda pair: pair.means + pair.traces - 2 * root(pair.one.covariance, pair.other.covariance)


def _roots(values: np.ndarray, negative: str) -> float:
    """The sum of roots; of negative numbers left out, or of their size."""
    values = values.clip(min=0) if negative == "clipped" else np.abs(values)
    return float(np.sqrt(values).sum())


def _half(product: np.ndarray, half: Literal["L", "U"], negative: str) -> float:
    """As if the product were symmetric, from one half of it."""
    return _roots(np.linalg.eigvalsh(product, UPLO=half), negative)


_MISTAKES: list[tuple[str, Callable[[Pair], float]]] = [
    ("missing_two", lambda pair: pair.means + pair.traces - pair.root),
    ("mean_not_squared", lambda pair: pair.means**0.5 + pair.traces - 2 * pair.root),
    ("means_left_out", lambda pair: pair.traces - 2 * pair.root),
    ("traces_left_out", lambda pair: pair.means - 2 * pair.root),
    ("traces_left_out", lambda pair: pair.right - float(np.square(pair.one.factor).sum())),
    ("traces_left_out", lambda pair: pair.right - float(np.square(pair.other.factor).sum())),
    ("root_added", lambda pair: pair.means + pair.traces + 2 * pair.root),
    ("distance_not_squared", lambda pair: pair.right**0.5),
    ("root_left_out", _with_root(lambda a, b: float(np.trace(a @ b)))),
    ("root_of_trace", _with_root(lambda a, b: float(np.trace(a @ b)) ** 0.5)),
    ("roots_multiplied", _with_root(lambda a, b: float(np.trace(_matrix_root(a) @ _matrix_root(b))))),
    ("diagonal_only", _with_root(lambda a, b: float(np.sqrt(np.diag(a) * np.diag(b)).sum()))),
    ("root_of_entries", _with_root(lambda a, b: _roots(np.diag(a @ b), "clipped"))),
    ("root_of_entries", _with_root(lambda a, b: _roots(np.diag(a @ b), "abs"))),
    ("product_taken_for_symmetric", _with_root(lambda a, b: _half(a @ b, "L", "clipped"))),
    ("product_taken_for_symmetric", _with_root(lambda a, b: _half(a @ b, "L", "abs"))),
    ("product_taken_for_symmetric", _with_root(lambda a, b: _half(a @ b, "U", "clipped"))),
    ("product_taken_for_symmetric", _with_root(lambda a, b: _half(a @ b, "U", "abs"))),
    (
        "singular_values_for_eigenvalues",
        _with_root(lambda a, b: float(np.sqrt(np.linalg.svd(a @ b, compute_uv=False)).sum())),
    ),
    (
        "covariances_as_vectors",
        lambda pair: pair.means + float(np.square(pair.one.covariance - pair.other.covariance).sum()),
    ),
    (
        "covariances_as_vectors",
        lambda pair: pair.means + float(np.square(pair.one.covariance - pair.other.covariance).sum()) ** 0.5,
    ),
]

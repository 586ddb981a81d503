"""Compares feature_moments with mean and covariance in float64, whatever the batches."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from labkit.checks.judges.draw import Rng
from labkit.checks.judges.replies import demand_shapes, judge_unchanged
from labkit.checks.probes.distance import MomentsReply
from labkit.checks.registry import JUDGES
from labkit.checks.subject import Subject
from labkit.checks.wrong import Wrong

_EXACT = 3e-8
"""Of the spread: so exact is float64 where the mean is a thousand times as large, in whatever order it adds,
and float32 is not."""

Moments = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Case:
    """Features [n, D], dealt into batches."""

    features: np.ndarray
    sizes: np.ndarray

    @property
    def batches(self) -> list[np.ndarray]:
        return np.split(self.features, np.cumsum(self.sizes)[:-1])

    @property
    def right(self) -> Moments:
        return self.features.mean(axis=0), np.cov(self.features, rowvar=False)


@JUDGES.add("feature_moments")
def judge_feature_moments(subject: Subject, rng: Rng) -> str:
    """Return what was found right, or raise Wrong."""
    n = int(rng.integers(40, 80))
    features = _features(rng, n, int(rng.integers(3, 7)))
    cases = [
        Case(features, _deal(rng, n)),
        Case(features, np.array([n])),
        Case(features, np.ones(n)),
        Case(_features(rng, 5, 8), np.array([1, 4])),  # fewer rows than features
        Case(_features(rng, 300, 4, mean=float(rng.uniform(1000, 3000))), _deal(rng, 300)),
    ]
    for case in cases:
        _judge(subject, case)
    return "mean and covariance, with n − 1, in float64, however the rows are dealt into batches"


def _features(rng: Rng, n: int, dim: int, mean: float = 2.0) -> np.ndarray:
    """Correlated features that drift from row to row, so that batches differ; float32 holds them exactly."""
    mixing, drift = rng.standard_normal((dim, dim)), np.linspace(-1, 1, n)[:, None]
    values = rng.standard_normal((n, dim)) @ mixing + drift * rng.uniform(1, 2, dim) + mean
    return values.astype(np.float32).astype(np.float64)


def _deal(rng: Rng, n: int) -> np.ndarray:
    """The sizes of some batches, no two alike; between others, one of a single row."""
    some = [3, n // 2, n // 4]
    sizes = rng.permutation([*some, n - 1 - sum(some)])
    return np.insert(sizes, int(rng.integers(1, 4)), 1)


def _judge(subject: Subject, case: Case) -> None:
    given = {"features": case.features, "sizes": case.sizes.astype(float)}
    seen = subject.call("feature_moments", given, MomentsReply)
    dim = case.features.shape[1]
    demand_shapes(seen, mean=(dim,), covariance=(dim, dim))
    judge_unchanged(seen)
    mean, covariance = case.right
    variance = float(covariance.max())
    wrong_mean = np.abs(seen.mean - mean).max() > _EXACT * variance**0.5
    exact = not wrong_mean and np.abs(seen.covariance - covariance).max() < _EXACT * variance
    if not exact:
        raise _explain(case, seen, wrong_mean)
    if not seen.float64:
        raise Wrong("not_float64", "The values are right, but they are of another type than float64.")


def _explain(case: Case, seen: MomentsReply, wrong_mean: bool) -> Wrong:
    mean, covariance = case.right
    found, right = (seen.mean, mean) if wrong_mean else (seen.covariance, covariance)
    place = np.unravel_index(int(np.abs(found - right).argmax()), found.shape)
    what = "mean" if wrong_mean else "covariance"
    dealt = ", ".join(f"{size:.0f}" for size in case.sizes[:5]) + (" …" if len(case.sizes) > 5 else "")
    detail = (
        f"Of {len(case.features)} rows in batches of {dealt}, the {what} at {[int(k) for k in place]} is "
        f"{found[place]:.6g}; it should be {right[place]:.6g}."
    )
    return Wrong(_name(case, seen, wrong_mean), detail)


def _name(case: Case, seen: MomentsReply, wrong_mean: bool) -> str | None:
    mistakes = _MISTAKES_OF_MEAN if wrong_mean else _MISTAKES_OF_COVARIANCE
    found, right = (seen.mean, case.right[0]) if wrong_mean else (seen.covariance, case.right[1])
    with np.errstate(all="ignore"):
        for named, mistake in mistakes:
            wrong = mistake(case)
            if np.isfinite(wrong).all() and np.allclose(found, wrong, rtol=1e-4, atol=1e-4):
                return named
    slips = float(np.abs(found - right).max())
    large = np.abs(case.right[0]).max() > 100
    if large or slips < 1e-4 * float(np.abs(right).max()):
        return "precision_lost" if seen.float64 else "not_float64"
    return None


def _of_batch(batch: np.ndarray, ddof: int = 1) -> np.ndarray:
    """The covariance of a batch; 0 of a single row."""
    dim = batch.shape[1]
    return np.cov(batch, rowvar=False, ddof=ddof) if len(batch) > ddof else np.zeros((dim, dim))


def _of_batches(case: Case, ddof: int, weigh: bool) -> np.ndarray:
    """The mean of the batches' covariances."""
    parts = [_of_batch(batch, ddof) for batch in case.batches]
    return np.average(parts, axis=0, weights=case.sizes if weigh else None)


def _products(case: Case) -> np.ndarray:
    return case.features.T @ case.features


def _scatter(case: Case) -> np.ndarray:
    return case.right[1] * (len(case.features) - 1)


_MISTAKES_OF_MEAN: list[tuple[str, Callable[[Case], np.ndarray]]] = [
    ("mean_of_batch_means", lambda case: np.mean([batch.mean(axis=0) for batch in case.batches], axis=0)),
    ("one_batch_only", lambda case: case.batches[0].mean(axis=0)),
    ("one_batch_only", lambda case: case.batches[-1].mean(axis=0)),
    ("not_averaged", lambda case: case.features.sum(axis=0)),
]
_MISTAKES_OF_COVARIANCE: list[tuple[str, Callable[[Case], np.ndarray]]] = [
    ("divided_by_n", lambda case: _scatter(case) / len(case.features)),
    ("not_averaged", _scatter),
    ("not_centred", lambda case: _products(case) / len(case.features)),
    ("not_centred", lambda case: _products(case) / (len(case.features) - 1)),
    ("correlation_for_covariance", lambda case: np.corrcoef(case.features, rowvar=False)),
    ("variances_only", lambda case: np.diag(np.diag(case.right[1]))),
    ("covariance_of_batches", lambda case: _of_batches(case, 1, False)),
    ("covariance_of_batches", lambda case: _of_batches(case, 1, True)),
    ("covariance_of_batches", lambda case: _of_batches(case, 0, False)),
    ("covariance_of_batches", lambda case: _of_batches(case, 0, True)),
    (
        "covariance_of_batches",
        lambda case: _of_batches(case, 0, True) * len(case.features) / (len(case.features) - 1),
    ),
    ("one_batch_only", lambda case: _of_batch(case.batches[0])),
    ("one_batch_only", lambda case: _of_batch(case.batches[-1])),
]

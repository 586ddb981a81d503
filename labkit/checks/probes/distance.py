"""Calls feature_moments(batches) and frechet_distance(mu1, sigma1, mu2, sigma2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from labkit.checks.probes.common import BadReturn, as_array, find, first_changed, nothing_returned
from labkit.checks.registry import PROBES
from labkit.checks.reply import Reply, Values


class _Once(Iterator[Tensor]):
    """Batches that can be read once, as a generator's."""

    def __init__(self, batches: list[Tensor]):
        self._left = iter(batches)
        self._ended = self.asked_again = False

    def __next__(self) -> Tensor:
        self.asked_again = self.asked_again or self._ended
        try:
            return next(self._left)
        except StopIteration:
            self._ended = True
            raise


@dataclass(frozen=True)
class MomentsReply(Reply):
    """What feature_moments returned."""

    mean: np.ndarray
    """[D]"""
    covariance: np.ndarray
    """[D, D]"""
    float64: bool


@PROBES.add("feature_moments")
def probe_feature_moments(namespace: dict[str, Any], values: Values) -> MomentsReply:
    """In: features [n, D], and sizes [k], how many rows each batch has."""
    answer = find(namespace, "feature_moments")
    features = torch.from_numpy(values["features"]).float()
    before = {"batches": features.clone()}
    batches = _Once(list(features.split([int(size) for size in values["sizes"]])))
    try:
        returned = answer(batches)
    except Exception as error:
        if batches.asked_again:  # a mean of nothing, or whatever comes of it
            raise BadReturn("reads_twice", f"The second pass found nothing: {error}.") from None
        raise
    if batches.asked_again:
        raise BadReturn("reads_twice", "The batches were asked for again after the last one.")
    mean, covariance = _both(returned)
    n, dim = features.shape
    _demand_shapes(_shape(mean), _shape(covariance), n, dim)
    is_float64 = all(str(x.dtype).endswith("float64") for x in (mean, covariance))
    return MomentsReply(
        mean=as_array(mean, (dim,), "feature_moments"),
        covariance=as_array(covariance, (dim, dim), "feature_moments"),
        float64=is_float64,
        changed=first_changed(before, {"batches": features}),
    )


def _both(returned: Any) -> tuple[Any, Any]:
    """Mean and covariance as tensors; NumPy's arrays are as good."""
    if returned is None:
        raise nothing_returned("feature_moments")
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        got = f"a {type(returned).__name__}"
        got += f" of {len(returned)}" if isinstance(returned, tuple | list) else ""
        raise BadReturn("returns_other", f"feature_moments returned {got}, expected mean and covariance.")
    mean, covariance = (_tensor(x) for x in returned)
    for x in (mean, covariance):
        if not isinstance(x, Tensor):
            text = f"feature_moments returned a {type(x).__name__} among its two, expected tensors."
            raise BadReturn("returns_other", text)
    return mean, covariance


def _tensor(x: Any) -> Any:
    is_array = isinstance(x, np.ndarray | np.generic) and x.dtype.kind in "fiuc"
    return torch.from_numpy(np.array(x)) if is_array else x


def _shape(x: Tensor) -> tuple[int, ...]:
    return tuple(x.shape)


def _demand_shapes(mean: tuple[int, ...], covariance: tuple[int, ...], n: int, dim: int) -> None:
    if (mean, covariance) == ((dim, dim), (dim,)):
        raise BadReturn("moments_swapped", "The first of the two is [D, D], the second [D].")
    if covariance == (n, n) != (dim, dim):
        raise BadReturn(
            "covariance_of_rows", f"Of {n} rows and {dim} features it has the shape {list(covariance)}."
        )
    if covariance == (dim,):
        raise BadReturn("variances_only", f"The covariance has the shape [{dim}], expected [{dim}, {dim}].")


@dataclass(frozen=True)
class FrechetReply(Reply):
    """What frechet_distance returned."""

    distance: np.ndarray
    """[1], NaN and infinity too"""
    is_complex: bool


@PROBES.add("frechet_distance")
def probe_frechet_distance(namespace: dict[str, Any], values: Values) -> FrechetReply:
    """In: mu1, mu2 [D] and sigma1, sigma2 [D, D]."""
    answer = find(namespace, "frechet_distance")
    given = {name: torch.from_numpy(values[name].copy()) for name in ("mu1", "sigma1", "mu2", "sigma2")}
    before = {name: x.clone() for name, x in given.items()}
    returned = answer(*given.values())
    if returned is None:
        raise nothing_returned("frechet_distance")
    number = _tensor(returned)
    if isinstance(number, int | float | complex):
        number = torch.tensor(number, dtype=torch.complex128)
    if not isinstance(number, Tensor):
        kind = f"returns_{type(number).__name__}" if isinstance(number, tuple | list) else "returns_other"
        raise BadReturn(kind, f"frechet_distance returned a {type(number).__name__}, expected a number.")
    if number.numel() != 1 or number.ndim:
        shape = list(number.shape)
        raise BadReturn("wrong_shape", f"frechet_distance returned the shape {shape}, expected one number.")
    is_complex = number.is_complex() and not isinstance(returned, int | float)
    return FrechetReply(
        distance=np.array([float(number.detach().real)]),
        is_complex=is_complex,
        changed=first_changed(before, given),
    )

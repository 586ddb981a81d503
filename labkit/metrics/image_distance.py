"""How far samples are from a reference set: Fréchet and kernel distance, with n and an interval, always."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from labkit.errors import CourseError
from labkit.metrics.features import Extractor, cached_extract, extract
from labkit.metrics.images import ImageArray, Images
from labkit.metrics.intervals import Interval
from labkit.metrics.kid import kid

if TYPE_CHECKING:
    from labkit.metrics.frechet import Gaussian


@dataclass(frozen=True)
class ImageDistance:
    """A distance, and what one must know to compare it with another."""

    value: float
    name: str
    """"FID" where the features come from the published Inception weights, and only there."""
    n: int | None
    reference_n: int | None
    """How many images stand behind either side; None for statistics that do not say so."""
    reference: str
    features: str
    interval: Interval | None = None
    """95 %, over other sets of n samples against this reference; None where there are under 20 samples, or
    statistics in their place. It does not hold the bias of a small n: compare equal n only."""
    kid: float | None = None
    kid_interval: Interval | None = None
    """The kernel distance and its 95 % interval, where there are features on both sides."""

    def as_json(self) -> dict[str, Any]:
        """For --json. The value stands under "fid" where it is one, else under "frechet_distance"; likewise
        "kid" and "kernel_distance"."""
        true = self.name == "FID"
        return {
            "fid" if true else "frechet_distance": self.value,
            "name": self.name,
            "n": self.n,
            "interval": self.interval,
            "kid" if true else "kernel_distance": self.kid,
            ("kid" if true else "kernel_distance") + "_interval": self.kid_interval,
            "reference": self.reference,
            "reference_n": self.reference_n,
            "features": self.features,
        }

    def __str__(self) -> str:
        text = f"{self.name} {self.value:.4g}{_spread(self.interval, self.value)} "
        text += f"(n = {_count(self.n)} against {_count(self.reference_n)} of {self.reference}"
        if self.kid is not None:
            kernel = "KID" if self.name == "FID" else "kernel distance"
            text += f"; {kernel} {self.kid:.3g}{_spread(self.kid_interval, self.kid)}"
        return text + ")"


def fid(
    samples: Images | Gaussian | Tensor | NDArray[np.uint8],
    reference: Images | Gaussian | Tensor | NDArray[np.uint8],
    extractor: Extractor | None,
    *,
    reference_name: str = "the reference",
    batch_size: int = 50,
    cache: Path | None = None,
) -> ImageDistance:
    """The Fréchet distance of samples to a reference, on the features of an extractor.

    Either side is images (uint8 [N, 3, H, W], or from `open_images`) or statistics made elsewhere on the
    same features. `extractor`: any callable from uint8 [B, 3, H, W] to [B, D], see `features.Extractor`;
    it alone says whether the result is a FID. It may be None where both sides are statistics.
    The reference's features are kept in `cache`, by content, number of images and extractor.

    Raises CourseError where the images, the features or the statistics are not what they should be.
    """
    from labkit.metrics.frechet import Gaussian, frechet_distance, jackknife  # no sandbox has it

    ours = theirs = None
    if not isinstance(a := _images(samples), Gaussian):
        ours = extract(a, _demand(extractor), batch_size)
        a = Gaussian.from_features(ours)
    if not isinstance(b := _images(reference), Gaussian):
        theirs = cached_extract(b, _demand(extractor), batch_size, cache)
        b = Gaussian.from_features(theirs)
    value = frechet_distance(a, b)
    if ours is None and theirs is None:
        # Nothing here shows which network made them.
        name, features = "Fréchet distance of given statistics", "unknown"
    else:
        name = getattr(extractor, "measure", "Fréchet distance on unnamed features")
        features = getattr(extractor, "features", "unnamed")
    kernel = (None, None) if ours is None or theirs is None else kid(ours, theirs)
    return ImageDistance(
        value=value,
        name=name,
        n=a.n,
        reference_n=b.n,
        reference=reference_name,
        features=features,
        interval=None if ours is None else jackknife(ours, b, value),
        kid=kernel[0],
        kid_interval=kernel[1],
    )


def _images(given: Images | Gaussian | Tensor | NDArray[np.uint8]) -> Images | Gaussian:
    return ImageArray(given) if isinstance(given, Tensor | np.ndarray) else given


def _demand(extractor: Extractor | None) -> Extractor:
    if extractor is None:
        raise CourseError("Images need an extractor of features; without one, give statistics of both sides.")
    return extractor


def _spread(interval: Interval | None, value: float) -> str:
    return "" if interval is None else f" ± {interval[1] - value:.2g}"


def _count(n: int | None) -> str:
    return "unknown" if n is None else f"{n:,}"

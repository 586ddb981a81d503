"""The sets of images that a profile may train on, and how faces drawn after each of them are measured."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from labkit.data import AFHQ, ImageSet, ToyFaces
from labkit.data.afhq import SPLITS, published_folder, published_here
from labkit.errors import CourseError
from labkit.metrics.features import Extractor

LEAST_IMAGES = 100
"""In each split of photographs: a judge shows so many to a network, and measures distances to them."""


@dataclass(frozen=True)
class Dataset:
    """Images to learn from ("train") and others of their kind that no network sees ("val")."""

    name: str
    images: Callable[[str, int, int, bool], ImageSet]
    """(split, size in pixels, at most so many of a class of "train", whether to download what is missing)"""
    unseen: str
    """How reports call "val" """
    extractor: Callable[[], Extractor]
    """The features on which a distance to "val" is measured; raises CourseError where they cannot be had"""
    bands: tuple[tuple[float, float], ...]
    """(distance below which, share of the points)"""
    num_judged: int
    """So many faces are drawn to judge a run."""

    def __str__(self) -> str:
        return self.name


def _toy_faces(split: str, size: int, max_images_per_class: int, download: bool) -> ImageSet:
    if split == "train":
        return ToyFaces(split, size, 3 * max_images_per_class)
    # They come in turn, so that any part holds a third of each class, which no random draw does.
    return ToyFaces(split, size, 3 * 500).mixed()


def _toy_features() -> Extractor:
    from labkit.metrics.toy_classifier import ToyFeatures

    return ToyFeatures()


def _inception() -> Extractor:
    from labkit.metrics.inception import Inception

    return Inception()


def photographs(name: str, unseen: str, folder: Path | None = None) -> Dataset:
    """A folder of photographs: `folder`/train/CLASS/ and `folder`/val/CLASS/; AFHQ's where it is None.

    Samples after them are measured by FID. Raises ValueError for a relative path: lessons, and whoever grades
    them, run in folders of their own.
    """
    if folder is not None and not folder.is_absolute():
        raise ValueError(f"give the whole path of the photographs, not {str(folder)!r}")

    def images(split: str, size: int, max_images_per_class: int, download: bool) -> ImageSet:
        root = folder or (published_folder() if download else published_here())
        if missing := [name for name in SPLITS if not (root / name).is_dir()]:
            raise CourseError(
                f"{root} has no folder {missing[0]}: put images into {root / missing[0]}/CLASS/."
            )
        found = AFHQ(root, split, size, max_images_per_class if split == "train" else None)
        if len(found) < LEAST_IMAGES:
            raise CourseError(
                f"{root / split} holds {len(found)} images; at least {LEAST_IMAGES} are needed."
            )
        return found.mixed()  # they come class by class

    bands = ((15.0, 1.0), (20.0, 0.75), (30.0, 0.5), (40.0, 0.25))
    return Dataset(name, images, unseen, _inception, bands, num_judged=500)


TOY = Dataset(
    "toy", _toy_faces, "unseen toy faces", _toy_features,
    # 200 real toy faces score about 0.1, noise 57.
    bands=((2.5, 1.0), (5.0, 0.75), (10.0, 0.5), (20.0, 0.25)), num_judged=200,
)  # fmt: skip
ANIMALS = photographs("afhq", "AFHQ's val split")

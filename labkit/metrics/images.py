"""Images for the metrics: a folder of files, an array, or statistics that stand for images.

folder      image files in it, or in its subfolders, one for each class, as AFHQ's splits are laid out; where
            both hold some, the more. They are read as for training: upright, 16 bits scaled, transparency on
            white. Other images are the same numbers to pytorch-fid
.npz        uint8 [N, 3, H, W] under `images`; or statistics, `mu` [D] and `sigma` [D, D] (and `n`), as
            pytorch-fid writes them
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from labkit.data.pictures import (
    SUFFIXES,
    VERSION,
    PictureError,
    pictures_by_class,
    pictures_in,
    read_picture,
    warn_of_others,
)
from labkit.errors import CourseError
from labkit.metrics.intervals import StatisticsError

if TYPE_CHECKING:
    from labkit.metrics.frechet import Gaussian


class ImageError(CourseError):
    """Images that are missing, damaged or of another form."""


class ImageFiles:
    """The image files of a folder; read when they are needed."""

    def __init__(self, folder: str | Path):
        """Raises ImageError where the folder has fewer than 2 images."""
        self.folder = Path(folder)
        if not self.folder.is_dir():
            raise ImageError(f"There is no folder {self.folder}. Check the path.")
        in_it, by_class = pictures_in(self.folder), list(chain(*pictures_by_class(self.folder).values()))
        self.files = max(in_it, by_class, key=len)
        if len(self.files) < 2:
            raise ImageError(
                f"Found {len(self.files)} images in {self.folder}, at least 2 expected: in the folder "
                f"itself or in a subfolder for each class, with an ending of {', '.join(sorted(SUFFIXES))}."
            )
        place = "in the folder itself" if self.files is in_it else "in the folder of a class"
        warn_of_others(self.folder, self.files, place)

    def __len__(self) -> int:
        return len(self.files)

    def batches(self, size: int) -> Iterator[Tensor]:
        """All images in turn, uint8 [B, 3, H, W] with B ≤ size; a batch holds images of one size only."""
        with ThreadPoolExecutor() as pool:
            for start in range(0, len(self), size):
                read = pool.map(_read, self.files[start : start + size])
                for _, alike in groupby(read, key=lambda image: image.shape):
                    yield torch.from_numpy(np.stack(list(alike))).permute(0, 3, 1, 2)

    def content_hash(self) -> str:
        """The SHA-256 of what the files hold; their names and dates do not count."""
        digest = hashlib.sha256(f"read as {VERSION}".encode())
        for file in self.files:
            with open(file, "rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        return digest.hexdigest()


class ImageArray:
    """Images that are an array already: uint8 [N, 3, H, W], a tensor or of numpy, memory-mapped or not."""

    def __init__(self, images: Tensor | NDArray[np.uint8]):
        """Raises ImageError where they are none, or fewer than 2."""
        self.images = images
        shape = tuple(images.shape)
        if str(images.dtype).removeprefix("torch.") != "uint8" or len(shape) != 4 or shape[1] != 3:
            raise ImageError(
                f"Expected images as uint8 [N, 3, H, W], got {images.dtype} {list(shape)}. Samples in "
                "[-1, 1] become that by ((x.clip(-1, 1) + 1) * 127.5).round().astype(uint8)."
            )
        if shape[0] < 2 or 0 in shape:
            raise ImageError(f"Found {shape[0]} images of {shape[2]}×{shape[3]} pixels, at least 2 expected.")

    def __len__(self) -> int:
        return len(self.images)

    def batches(self, size: int) -> Iterator[Tensor]:
        """All images in turn, uint8 [B, 3, H, W] with B ≤ size."""
        for start in range(0, len(self), size):
            batch = self.images[start : start + size]
            yield batch if isinstance(batch, Tensor) else torch.from_numpy(np.array(batch))

    def content_hash(self) -> str:
        """The SHA-256 of the pixels and the shape."""
        digest = hashlib.sha256(repr(tuple(self.images.shape)).encode())
        for batch in self.batches(1024):
            digest.update(batch.cpu().contiguous().numpy().data)
        return digest.hexdigest()


Images: TypeAlias = ImageFiles | ImageArray


def open_images(path: str | Path) -> Images | Gaussian:
    """What lies at a path: a folder's images, a .npz of images, or a .npz of statistics.

    Raises ImageError or StatisticsError, each with the path in it.
    """
    path = Path(path)
    if path.is_dir():
        return ImageFiles(path)
    if not path.exists():
        raise ImageError(f"There is no {path}. Give a folder of images or a .npz.")
    arrays = _read_npz(path)
    try:
        if "images" in arrays:
            return ImageArray(arrays["images"])
        if {"mu", "sigma"} <= arrays.keys():
            from labkit.metrics.frechet import Gaussian  # no sandbox has it

            return Gaussian.from_statistics(arrays["mu"], arrays["sigma"], _number(arrays.get("n")))
    except (ImageError, StatisticsError) as error:
        raise type(error)(f"{path}: {error}") from error
    raise ImageError(
        f"{path} has neither `images` nor `mu` and `sigma`, but {', '.join(sorted(arrays)) or 'nothing'}. "
        "Save images as np.savez(path, images=…), uint8 [N, 3, H, W]."
    )


def _read(file: Path) -> NDArray[np.uint8]:
    """One image, uint8 [H, W, 3]."""
    try:
        return np.asarray(read_picture(file))
    except PictureError as error:
        raise ImageError(
            f"{file} cannot be read as an image ({error}). Repair it or take it away."
        ) from error


def _number(n: NDArray | None) -> int | None:
    if n is None:
        return None
    if n.size != 1 or not np.issubdtype(n.dtype, np.integer):
        raise StatisticsError("its n is no whole number.")
    return int(n.item())


def _read_npz(path: Path) -> dict[str, NDArray]:
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (OSError, ValueError, RuntimeError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        # TypeError: a .npy under a false name, an array, cannot be entered. RuntimeError: an encrypted zip.
        raise ImageError(
            f"{path} cannot be read as a .npz of arrays without pickles. Give a folder of images or a .npz."
        ) from error

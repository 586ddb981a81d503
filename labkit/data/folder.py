"""Folders of images, a folder a class, as one array."""

import hashlib
import json
import os
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import cast

import numpy as np
import torch
from PIL import Image, ImageOps

from labkit.atomic import write_atomically
from labkit.data.cache import cached_array, data_folder
from labkit.data.images import ImageSet
from labkit.data.pictures import (
    VERSION,
    PictureError,
    pictures_by_class,
    pictures_in,
    read_picture,
    some,
    warn_of_others,
)
from labkit.errors import CourseError
from labkit.progress import progress


class ImageFolder(ImageSet):
    """The images in `folder`/CLASS/, in the order of their names, as `size` × `size` pixels.

    They are cropped to their central square and scaled down once (Pillow's antialiased bicubic), into one
    array in the data folder that is mapped into memory from then on. `max_images_per_class` takes the first
    so many of each class. A corrupt image is an error that names it, or left out with `skip_corrupt`. A
    warning counts the pictures that lie elsewhere in `folder`; other files are passed over.
    """

    def __init__(
        self,
        folder: Path | str,
        size: int,
        max_images_per_class: int | None = None,
        skip_corrupt: bool = False,
    ):
        if size < 8 or (max_images_per_class is not None and max_images_per_class < 1):
            raise ValueError(
                f"need size ≥ 8 and max_images_per_class ≥ 1, got {size} and {max_images_per_class}"
            )
        self.folder = Path(folder).expanduser()
        all_of = images_by_class(self.folder)
        if not all_of:
            beside = len(pictures_in(self.folder)) if self.folder.is_dir() else 0
            holds = "no images" + f" in folders of a class, but {beside:,} beside them" * (beside > 0)
            raise CourseError(
                f"{self.folder} holds {holds}. Give a folder with one folder of images a class, "
                "as in cat/, dog/, wild/."
            )
        warn_of_others(self.folder, chain(*all_of.values()), "in the folder of a class")
        by_class = {name: files[:max_images_per_class] for name, files in all_of.items()}
        files = [file for of_class in by_class.values() for file in of_class]
        name = (
            f"{self.folder.parent.name}_{self.folder.name}_{size}px_{_fingerprint(self.folder, files, size)}"
        )
        self.path = data_folder() / "arrays" / f"{name}.npy"
        known = self.path.with_suffix(".corrupt.json")
        listed = json.loads(known.read_text(encoding="utf-8")) if known.exists() else []
        corrupt = _unreadable([self.folder / file for file in listed])
        if not corrupt:
            try:
                images = self._array(files, size)
            except _CorruptImages as found:
                corrupt = found.files
                names = json.dumps(sorted(file.relative_to(self.folder).as_posix() for file in corrupt))
                write_atomically(known, lambda part: part.write_text(names, encoding="utf-8"))
        if corrupt:
            if not skip_corrupt or len(corrupt) == len(files):
                raise CourseError(_complaint(corrupt))
            files = [file for file in files if file not in corrupt]
            images = self._array(files, size)
        self.files: tuple[Path, ...] = tuple(files)
        """Where each image is from."""
        self.skipped: tuple[Path, ...] = tuple(sorted(corrupt))
        """The corrupt ones that were left out."""
        classes = list(by_class)
        labels = torch.tensor([classes.index(file.parent.name) for file in files])
        super().__init__(images, labels, classes)

    def _array(self, files: list[Path], size: int) -> torch.Tensor:
        """The images in these files: uint8 [N, 3, size, size]."""

        def rows() -> Iterator[np.ndarray]:
            corrupt = {}
            # Pillow lets go of the interpreter while it decodes. Closed, or Ctrl-C waits for all of them.
            with (
                ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool,
                closing(cast(Generator, pool.map(lambda file: _read(file, size), files))) as images,
            ):
                bar = progress(images, total=len(files), desc=f"Reading {self.folder}", unit="image")
                for file, image in zip(files, bar, strict=True):
                    if isinstance(image, PictureError):
                        corrupt[file] = image
                    else:
                        yield image
            if corrupt:
                raise _CorruptImages(corrupt)

        return cached_array(self.path, (len(files), 3, size, size), rows)


class _CorruptImages(Exception):
    def __init__(self, files: dict[Path, PictureError]):
        super().__init__(files)
        self.files = files


def images_by_class(folder: Path) -> dict[str, list[Path]]:
    """The image files of each class folder in `folder`, none where there is no such folder."""
    return pictures_by_class(folder) if folder.is_dir() else {}


def _read(file: Path, size: int) -> np.ndarray | PictureError:
    """The central square of an image: uint8 [3, size, size]; or why it cannot be read."""
    try:
        # A JPEG at a fraction of its size, at least four times what is needed: three times as fast as in
        # full, and half a level of 255 away in the mean.
        image = read_picture(file, at_least=4 * size)
    except PictureError as error:
        return error
    square = ImageOps.fit(image, (size, size), Image.Resampling.BICUBIC)
    return np.asarray(square).transpose(2, 0, 1)


def _unreadable(files: list[Path]) -> dict[Path, PictureError]:
    """Those of the files that cannot be read, and why."""
    found = ((file, _read(file, size=1)) for file in files)
    return {file: error for file, error in found if isinstance(error, PictureError)}


def _fingerprint(folder: Path, files: list[Path], size: int) -> str:
    """Changes with the files (their names, lengths and times), the size and the way of reading."""
    listing = [(file.relative_to(folder).as_posix(), *_stamp(file)) for file in files]
    return hashlib.sha256(json.dumps([VERSION, size, listing]).encode()).hexdigest()[:12]


def _stamp(file: Path) -> tuple[int, int]:
    try:
        stat = file.stat()
    except OSError:  # a link that leads nowhere
        return 0, 0
    return stat.st_size, stat.st_mtime_ns


def _complaint(corrupt: dict[Path, PictureError]) -> str:
    named = some([f"{file} ({error})" for file, error in sorted(corrupt.items())])
    return (
        f"{len(corrupt)} corrupt image{'s' * (len(corrupt) > 1)}: {named}. "
        "Replace them, or leave them out with skip_corrupt=True (on the command line --skip-corrupt)."
    )

"""Folders of images, a folder a class, as one array."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps

from labkit.atomic import write_atomically
from labkit.data.cache import cached_array, data_folder
from labkit.data.images import ImageSet
from labkit.errors import CourseError
from labkit.progress import progress

_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}
_VERSION = 1
"""Goes up when the same files give other pixels."""
_NAMED = 5
_CORRUPT = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)  # what Pillow says of one


class ImageFolder(ImageSet):
    """The images in `folder`/CLASS/, in the order of their names, as `size` × `size` pixels.

    They are cropped to their central square and scaled down once (Pillow's antialiased bicubic), into one
    array in the data folder that is mapped into memory from then on. `max_images_per_class` takes the first
    so many of each class. A corrupt image is an error that names it, or left out with `skip_corrupt`.
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
        by_class = {
            name: files[:max_images_per_class] for name, files in images_by_class(self.folder).items()
        }
        if not by_class:
            raise CourseError(
                f"{self.folder} holds no images. Give a folder with one folder of images a class, "
                "as in cat/, dog/, wild/."
            )
        files = [file for of_class in by_class.values() for file in of_class]
        name = (
            f"{self.folder.parent.name}_{self.folder.name}_{size}px_{_fingerprint(self.folder, files, size)}"
        )
        self.path = data_folder() / "arrays" / f"{name}.npy"
        known = self.path.with_suffix(".corrupt.json")
        listed = json.loads(known.read_text(encoding="utf-8")) if known.exists() else []
        corrupt = {self.folder / file for file in listed}
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
            corrupt = set()
            # Pillow lets go of the interpreter while it decodes.
            with (
                ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool,
                closing(pool.map(lambda file: _read(file, size), files)) as images,  # or Ctrl-C waits for all
            ):
                bar = progress(images, total=len(files), desc=f"Reading {self.folder}", unit="image")
                for file, image in zip(files, bar, strict=True):
                    if image is None:
                        corrupt.add(file)
                    else:
                        yield image
            if corrupt:
                raise _CorruptImages(corrupt)

        return cached_array(self.path, (len(files), 3, size, size), rows)


class _CorruptImages(Exception):
    def __init__(self, files: set[Path]):
        super().__init__(files)
        self.files = files


def images_by_class(folder: Path) -> dict[str, list[Path]]:
    """The image files of each class folder in `folder`, both sorted by name; empty folders are left out."""
    classes = sorted(path for path in _visible(folder) if path.is_dir()) if folder.is_dir() else []
    found = {
        path.name: sorted(file for file in _visible(path) if file.suffix.lower() in _SUFFIXES)
        for path in classes
    }
    return {name: files for name, files in found.items() if files}


def _visible(folder: Path) -> Iterable[Path]:
    return (path for path in folder.iterdir() if not path.name.startswith("."))


def _read(file: Path, size: int) -> np.ndarray | None:
    """The central square of an image: uint8 [3, size, size]; None where the file is corrupt."""
    with file.open("rb") as content:
        try:
            with Image.open(content) as image:
                # A JPEG is decoded at a fraction of its size, at least four times what is needed: three
                # times as fast as in full, and half a level of 255 away in the mean.
                image.draft("RGB", (4 * size, 4 * size))
                upright = ImageOps.exif_transpose(image).convert("RGB")
        except _CORRUPT:
            return None
    square = ImageOps.fit(upright, (size, size), Image.Resampling.BICUBIC)
    return np.asarray(square).transpose(2, 0, 1)


def _fingerprint(folder: Path, files: list[Path], size: int) -> str:
    """Changes with the files (their names, lengths and times), the size and the way of scaling."""
    stats = ((file.relative_to(folder).as_posix(), file.stat()) for file in files)
    listing = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats]
    return hashlib.sha256(json.dumps([_VERSION, size, listing]).encode()).hexdigest()[:12]


def _complaint(corrupt: set[Path]) -> str:
    named = [str(file) for file in sorted(corrupt)]
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return (
        f"{len(named)} corrupt image{'s' * (len(named) > 1)}: {', '.join(named[:_NAMED])}{more}. "
        "Replace them, or leave them out with skip_corrupt=True (on the command line --skip-corrupt)."
    )

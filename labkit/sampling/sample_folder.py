"""The folder that keeps samples, also those of a call that was stopped."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np
import torch
from torch import Tensor

from labkit.atomic import write_atomically
from labkit.errors import CourseError

_IN_THE_GRID = 64
_COLUMNS = 8


class SampleFolderError(CourseError):
    """The folder cannot be written."""


class SampleFolder:
    """Reads and writes samples.npz, samples.png and, while images are being drawn, parts/.

    Only images with this fingerprint count; others are as good as not there, until `finish` replaces them.
    """

    def __init__(self, path: Path, fingerprint: str, shape: tuple[int, ...]):
        self.path, self.fingerprint, self.shape = path, fingerprint, shape
        self._parts = path / "parts" / fingerprint

    def finished(self) -> Tensor:
        """The images that are there, from the first one on without a gap: uint8 [n, *shape]."""
        images = self._whole()
        for part in sorted(self._parts.glob("*.npy")):
            known = len(images) - int(part.stem)
            try:
                read = np.load(part)  # refuses pickles, as all np.load here
            except (OSError, ValueError, EOFError):
                break
            if not 0 <= known <= len(read):
                break
            images = np.concatenate([images, read[known:]])
        return torch.from_numpy(images)

    def _whole(self) -> np.ndarray:
        try:
            with np.load(self.path / "samples.npz") as file:
                if str(file["fingerprint"]) == self.fingerprint:
                    return file["images"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            pass  # none there, or of somebody else
        return np.empty((0, *self.shape), np.uint8)

    def add(self, start: int, images: Tensor) -> None:
        """Keep the images from index `start` on."""
        self._write(self._parts / f"{start:06d}.npy", lambda file: np.save(file, images.numpy()))

    def finish(self, images: Tensor) -> None:
        """Write samples.npz and samples.png; the parts go."""
        from torchvision.transforms.functional import to_pil_image  # torchvision takes 1.5 seconds to import
        from torchvision.utils import make_grid

        grid = to_pil_image(make_grid(images[:_IN_THE_GRID], nrow=_COLUMNS))
        self._write(self.path / "samples.png", lambda file: grid.save(file, "PNG"))
        pixels, fingerprint = images.numpy(), np.array(self.fingerprint)
        self._write(
            self.path / "samples.npz", lambda file: np.savez(file, images=pixels, fingerprint=fingerprint)
        )
        shutil.rmtree(self.path / "parts", ignore_errors=True)

    def _write(self, path: Path, write: Callable[[IO[bytes]], object]) -> None:
        def fill(part: Path) -> None:
            with part.open("wb") as file:
                write(file)

        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, fill)
        except OSError as error:
            raise SampleFolderError(
                f"cannot write {path}: {error.strerror or error}. "
                "Make room or get permission to write there, or give another `out`."
            ) from error

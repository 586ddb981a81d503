"""Where data lies on the disk, and arrays that are made once and then mapped into memory."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import mkstemp

import numpy as np
import pooch
import torch
from torch import Tensor

_ABANDONED_S = 3600


def data_folder() -> Path:
    """The one folder for downloads and made arrays: `LABKIT_DATA`, else the system's cache folder."""
    return Path(os.environ.get("LABKIT_DATA") or pooch.os_cache("ddpm-lab")).expanduser()


def cached_array(path: Path, shape: tuple[int, ...], fill: Callable[[np.ndarray], None]) -> Tensor:
    """The uint8 array of this shape at `path`, memory-mapped; made once, by `fill(array)`, where missing.

    It is written beside its place and moved there when it is whole, so that a process which dies leaves
    no half array and two at the same time do no harm. Writing to the tensor does not change the file.
    """
    if not _holds(path, shape):
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(path)
        handle, name = mkstemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent)
        os.close(handle)
        try:
            array = np.lib.format.open_memmap(name, mode="w+", dtype=np.uint8, shape=shape)
            fill(array)
            array.flush()
            os.replace(name, path)
        finally:
            Path(name).unlink(missing_ok=True)
    return torch.from_numpy(np.lib.format.open_memmap(path, mode="c"))


def _holds(path: Path, shape: tuple[int, ...]) -> bool:
    """Whether a whole array of this shape lies at `path`."""
    try:
        array = np.lib.format.open_memmap(path, mode="r")
    except (FileNotFoundError, ValueError):  # ValueError: cut short, or no array at all
        return False
    return array.shape == shape and array.dtype == np.uint8


def _remove_abandoned(path: Path) -> None:
    """Removes what a killed process left half made: nobody has written to it for an hour."""
    for part in path.parent.glob(f"{path.name}.*.part"):
        if time.time() - part.stat().st_mtime > _ABANDONED_S:
            part.unlink(missing_ok=True)

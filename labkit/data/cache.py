"""Where data lies on the disk, and arrays that are made once and then mapped into memory."""

import math
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from labkit.atomic import write_atomically

_ABANDONED_S = 3600


def data_folder() -> Path:
    """The one folder for downloads and made arrays: `LABKIT_DATA`, else the system's cache folder."""
    import pooch

    return Path(os.environ.get("LABKIT_DATA") or pooch.os_cache("ddpm-lab")).expanduser()


def cached_array(path: Path, shape: tuple[int, ...], blocks: Callable[[], Iterable[np.ndarray]]) -> Tensor:
    """The uint8 array of this shape at `path`, memory-mapped; where it is missing, made from `blocks()`.

    The blocks are the array's rows, any number at a time. They are written beside its place and moved there
    when all are there, so that a process which dies leaves no half array, and two at the same time do no
    harm. Writing to the tensor does not change the file.
    """
    if not _holds(path, shape):
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(path)
        write_atomically(path, lambda part: _write(part, shape, blocks()))
    return torch.from_numpy(np.lib.format.open_memmap(path, mode="c"))


def _write(path: Path, shape: tuple[int, ...], blocks: Iterable[np.ndarray]) -> None:
    # Through a mapped file a full disk would kill the process; a plain write raises OSError.
    with path.open("wb") as file:
        header = {"descr": "|u1", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        written = sum(file.write(np.ascontiguousarray(block).data) for block in blocks)
    if written != math.prod(shape):
        raise ValueError(f"{path.name}: {written} bytes came for an array of shape {shape}")


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

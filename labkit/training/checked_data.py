"""A look at the data before anything is trained on them."""

import numpy as np
import torch
from torch import Tensor

from labkit.training.fingerprint import TrainingError

_CHUNK = 2**18


def checked_data(data: Tensor | np.ndarray, floats: torch.dtype) -> Tensor:
    """`data` [N, …] as a tensor of bytes or of `floats`, which other floats and numpy's arrays become.

    Raises ValueError where it is something else or of another shape, and TrainingError where it holds numbers
    that no loss can be computed of.
    """
    if isinstance(data, np.ndarray):
        data = _from_numpy(data)
    if not isinstance(data, Tensor):
        hint = "; give its .images" if hasattr(data, "images") else ""
        raise ValueError(
            f"data must be a tensor [N, …] or an array of numpy, got {type(data).__name__}{hint}"
        )
    shape, dtype = list(data.shape), str(data.dtype).removeprefix("torch.")
    if data.ndim < 2 or data.numel() == 0:
        raise ValueError(f"data must have shape [N, …], N samples with something in each, got {shape}")
    if data.dtype == torch.uint8 and data.ndim != 4:
        raise ValueError(f"uint8 data must be images of shape [N, 3, H, W], got {shape}")
    if data.ndim == 4 and data.shape[1] not in (1, 3) and data.shape[3] in (1, 3):
        raise ValueError(f"data must have its channels first, [N, 3, H, W], got {shape}: permute(0, 3, 1, 2)")
    if data.dtype == torch.uint8:
        return data.detach()
    if not data.is_floating_point():
        raise ValueError(
            f"data must hold floats, or images of uint8, got {dtype}: make it one of these first"
        )
    data = data.detach().to(floats)
    _demand_finite(data)
    return data


def _from_numpy(array: np.ndarray) -> Tensor:
    try:
        # A copy only where torch takes it no other way: mirrored, locked, or with its bytes reversed.
        return torch.from_numpy(np.require(array, array.dtype.newbyteorder("="), ["C", "W"]))
    except TypeError as error:
        raise ValueError(f"data must hold floats, or images of uint8, got numpy's {array.dtype}") from error


def _demand_finite(data: Tensor) -> None:
    """Raise TrainingError where a number is NaN or infinite, or so large that its square is."""
    rows = data.reshape(len(data), -1)
    chunks = rows.split(max(1, _CHUNK // rows.shape[1]))
    broken = torch.cat([~chunk.square().isfinite().all(dim=1) for chunk in chunks]).nonzero().flatten()
    if not len(broken):
        return
    found = rows[broken]
    if found.isnan().any():
        what = "NaN"
    elif found.isinf().any():
        what = "infinite numbers"
    else:
        what = f"numbers as large as {found.abs().max().item():.2g}, too large to be squared,"
    raise TrainingError(
        f"data holds {what} in {len(broken):,} of {len(rows):,} rows, first in row {broken[0].item()} "
        "(counted from 0). Find out where they come from, or leave these rows out."
    )

"""Values as the two parts of a message: what JSON holds in its header, and arrays as bytes behind it."""

from typing import Any

import numpy as np
from safetensors.numpy import load, save

from labkit.checks.reply import ReplyError, Values

MAX_ARRAYS = 64

_KINDS = "fiub"
"""NumPy's kinds of numbers that may travel: floating-point, whole, unsigned, true or false"""


def pack(values: Values) -> tuple[dict[str, Any], bytes]:
    """Plain values for a header, and the arrays among them as safetensors bytes."""
    plain = {name: value for name, value in values.items() if not isinstance(value, np.ndarray)}
    arrays = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    return plain, save({name: np.array(x, _kind_of(x), order="C") for name, x in arrays.items()})


def _kind_of(array: np.ndarray) -> np.dtype:
    return array.dtype if array.dtype.kind in _KINDS else np.dtype(np.float64)


def unpack(plain: Any, body: bytes) -> Values:
    """What `pack` made; raises ReplyError for anything else. Plain values may be all that JSON holds."""
    try:
        arrays = load(body)
    except Exception:  # whatever safetensors makes of bytes that are none of its own
        raise ReplyError("its arrays cannot be read") from None
    if len(arrays) > MAX_ARRAYS or any(array.dtype.kind not in _KINDS for array in arrays.values()):
        raise ReplyError("its arrays are too many, or of no accepted kind")
    if not isinstance(plain, dict):
        raise ReplyError("its plain values have no names")
    return {**plain, **arrays}

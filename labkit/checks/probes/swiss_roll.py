"""Reads the figure of notebook 02."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from labkit.checks.probes.common import BadReturn, as_array
from labkit.checks.registry import PROBES
from labkit.checks.reply import Reply, Values


@dataclass(frozen=True)
class ForwardFigureReply(Reply):
    """What the figure's cell left."""

    x0: np.ndarray
    """[N, 2]"""
    timesteps: np.ndarray
    """[K]"""
    x_ts: np.ndarray
    """[K, N, 2]"""


@PROBES.add("forward_figure")
def probe_forward_figure(namespace: dict[str, Any], values: Values) -> ForwardFigureReply:
    """In: nothing."""
    for name in ("x0", "timesteps", "x_ts"):
        if name not in namespace:
            raise BadReturn("missing", f"There is no `{name}` yet: run the cell that draws the figure first.")
    x0, x_ts = namespace["x0"], namespace["x_ts"]
    timesteps = np.asarray(namespace["timesteps"], dtype=np.float64).reshape(-1)
    return ForwardFigureReply(
        x0=as_array(x0, (len(x0), 2), "the cell's x0"),
        timesteps=timesteps,
        x_ts=as_array(x_ts, (len(timesteps), len(x0), 2), "the cell's x_ts"),
    )

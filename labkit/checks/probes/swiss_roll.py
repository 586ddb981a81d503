"""Reads the figure of notebook 02."""

from typing import Any

import numpy as np

from labkit.checks.probes.common import BadReturn, as_array
from labkit.checks.registry import PROBES


@PROBES.add("forward_figure")
def probe_forward_figure(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: nothing. Out: x0 [N, 2], timesteps [K] and x_ts [K, N, 2], as the figure's cell left them."""
    for name in ("x0", "timesteps", "x_ts"):
        if name not in namespace:
            raise BadReturn("missing", f"There is no `{name}` yet: run the cell that draws the figure first.")
    x0, x_ts = namespace["x0"], namespace["x_ts"]
    timesteps = np.asarray(namespace["timesteps"], dtype=np.float64).reshape(-1)
    return {
        "x0": as_array(x0, (len(x0), 2), "the cell's x0"),
        "timesteps": timesteps,
        "x_ts": as_array(x_ts, (len(timesteps), len(x0), 2), "the cell's x_ts"),
    }

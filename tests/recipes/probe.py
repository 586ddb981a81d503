"""Calls predict_x0(schedule, x_t, eps, t)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from labkit.checks.probes.common import as_array, find
from labkit.checks.registry import PROBES
from labkit.checks.reply import Reply, Values
from labkit.schedules import Schedule


@dataclass(frozen=True)
class PredictX0Reply(Reply):
    """What predict_x0 returned."""

    x0: np.ndarray
    """[B, 2]"""


@PROBES.add("predict_x0")
def probe_predict_x0(namespace: dict[str, Any], values: Values) -> PredictX0Reply:
    """In: betas [T], x_t [B, 2], eps [B, 2], t [B]."""
    x_t, eps = (torch.from_numpy(values[name]).float() for name in ("x_t", "eps"))
    schedule = Schedule.from_betas(torch.from_numpy(values["betas"]))
    x0 = find(namespace, "predict_x0")(schedule, x_t, eps, torch.from_numpy(values["t"]))
    return PredictX0Reply(as_array(x0, tuple(x_t.shape), "predict_x0"))

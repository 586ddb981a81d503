"""Calls add_noise(schedule, x0, t, eps)."""

import contextlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from labkit.checks.probes.common import (
    BadReturn,
    as_array,
    decoy_schedules,
    find,
    first_changed,
    globals_of,
    nothing_returned,
)
from labkit.checks.registry import PROBES
from labkit.checks.reply import Reply, Values
from labkit.schedules import Schedule


@dataclass(frozen=True)
class AddNoiseReply(Reply):
    """The pair that add_noise returned, both [B, C, H, W]."""

    x_t: np.ndarray
    eps: np.ndarray


@PROBES.add("add_noise")
def probe_add_noise(namespace: dict[str, Any], values: Values) -> AddNoiseReply:
    """In: betas [T], decoy_betas, x0 [B, C, H, W], t [B], optionally eps [B, C, H, W]."""
    answer = find(namespace, "add_noise")
    schedule = Schedule.from_betas(torch.from_numpy(values["betas"]))
    x0, t = torch.from_numpy(values["x0"]).float(), torch.from_numpy(values["t"])
    eps = torch.from_numpy(values["eps"]).float() if "eps" in values else None
    given = {"x0": x0} if eps is None else {"x0": x0, "eps": eps}
    before = {name: x.clone() for name, x in given.items()}
    with decoy_schedules(globals_of(answer, namespace), values["decoy_betas"]):
        returned = answer(schedule, x0, t) if eps is None else answer(schedule, x0, t, eps)
    x_t, noise = _pair(returned, x0)
    if noise is None:
        raise BadReturn("returns_eps_none", "In place of the noise, add_noise returned None.")
    return AddNoiseReply(
        x_t=as_array(x_t, tuple(x0.shape), "For x_t, add_noise"),
        eps=_whole(noise, tuple(x0.shape)),
        changed=first_changed(before, given),
    )


def _pair(returned: Any, x0: Tensor) -> tuple[Any, Any]:
    if isinstance(returned, tuple | list) and len(returned) == 2:
        return tuple(returned)
    if isinstance(returned, Tensor) and returned.shape == x0.shape:
        raise BadReturn("returns_x_t_only", "add_noise returned one tensor, expected the pair (x_t, eps).")
    if returned is None:
        raise nothing_returned("add_noise")
    what = type(returned).__name__ + (f" of {len(returned)}" if isinstance(returned, tuple | list) else "")
    raise BadReturn("returns_no_pair", f"add_noise returned a {what}, expected the pair (x_t, eps).")


def _whole(noise: Any, shape: tuple[int, ...]) -> np.ndarray:
    """The noise at full size: one that a sum spreads over channels, pixels or samples is spread here too."""
    if isinstance(noise, Tensor):
        with contextlib.suppress(RuntimeError):  # it does not fit: as_array says so
            noise = noise.expand(shape)
    return as_array(noise, shape, "For eps, add_noise")

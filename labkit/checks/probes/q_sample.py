"""Calls q_sample(schedule, x0, t, noise)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from labkit.checks.probes.common import (
    as_array,
    decoy_schedules,
    find,
    first_changed,
    globals_of,
    portions,
)
from labkit.checks.registry import PROBES
from labkit.checks.reply import Reply, Values
from labkit.schedules import Schedule


@dataclass(frozen=True)
class QSampleReply(Reply):
    """What q_sample returned."""

    x_t: np.ndarray
    """[B, 2]"""


@PROBES.add("q_sample")
def probe_q_sample(namespace: dict[str, Any], values: Values) -> QSampleReply:
    """In: betas [T], decoy_betas, x0 [B, 2], t [B], optionally noise [B, 2]; a large batch in portions."""
    answer = find(namespace, "q_sample")
    schedule = Schedule.from_betas(torch.from_numpy(values["betas"]))
    x0, t = torch.from_numpy(values["x0"]).float(), torch.from_numpy(values["t"])
    noise = torch.from_numpy(values["noise"]).float() if "noise" in values else None
    given = {"x0": x0} if noise is None else {"x0": x0, "noise": noise}
    before = {name: x.clone() for name, x in given.items()}
    with decoy_schedules(globals_of(answer, namespace), values["decoy_betas"]):
        arguments = (x0, t) if noise is None else (x0, t, noise)
        parts = zip(*map(portions, arguments), strict=True)
        drawn = [as_array(answer(schedule, *part), tuple(part[0].shape), "q_sample") for part in parts]
    return QSampleReply(np.concatenate(drawn), changed=first_changed(before, given))

"""Asks notebook 08 for its choice of a run, and for what its `step` makes of a network's answer."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from labkit.checks.probes.common import BadReturn, as_array, find
from labkit.checks.registry import PROBES
from labkit.checks.reply import Reply, Values
from labkit.course.syllabus import BETAS, PREDICTORS
from labkit.schedules import Schedule


@dataclass(frozen=True)
class FaceChoiceReply(Reply):
    """The notebook's choice of a run, by the names of labkit.course.syllabus."""

    predictor: str
    beta: str


@PROBES.add("face_choice")
def probe_face_choice(namespace: dict[str, Any], values: Values) -> FaceChoiceReply:
    """In: nothing."""
    return FaceChoiceReply(*_choice(namespace))


@dataclass(frozen=True)
class FaceStepReply(Reply):
    """What the student's `step` returned at t = 0, with the notebook's predictor."""

    x_prev: np.ndarray
    """[B, 3, H, W]"""


@PROBES.add("face_step")
def probe_face_step(namespace: dict[str, Any], values: Values) -> FaceStepReply:
    """In: betas [T]; x_t, net_out [B, 3, H, W]."""
    step, (predictor, _) = find(namespace, "step"), _choice(namespace)
    schedule = Schedule.from_betas(torch.from_numpy(values["betas"]))
    x_t, net_out = (torch.from_numpy(values[name]).float() for name in ("x_t", "net_out"))
    with torch.no_grad():
        x_prev = step(schedule, x_t, torch.zeros(len(x_t), dtype=torch.long), net_out, predictor)
    return FaceStepReply(as_array(x_prev, tuple(x_t.shape), "step"))


def _choice(namespace: dict[str, Any]) -> tuple[str, str]:
    predictor, beta = (namespace.get(name) for name in ("predictor", "beta"))
    if predictor not in PREDICTORS or beta not in BETAS:
        raise BadReturn(
            "missing",
            f"`predictor` must be one of {', '.join(PREDICTORS)} and `beta` one of {', '.join(BETAS)}; "
            f"they are {predictor!r} and {beta!r}.",
        )
    return predictor, beta

"""Asks notebook 08 for its choice of a run, and for what its `step` makes of a network's answer."""

from typing import Any

import torch

from labkit.checks.probes.common import BadReturn, as_array, find
from labkit.checks.registry import PROBES
from labkit.course.syllabus import BETAS, PREDICTORS
from labkit.schedules import Schedule


@PROBES.add("face_choice")
def probe_face_choice(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: nothing. Out: predictor, beta, the numbers of the notebook's choice in labkit.course."""
    predictor, beta = _choice(namespace)
    return {"predictor": PREDICTORS.index(predictor), "beta": BETAS.index(beta)}


@PROBES.add("face_step")
def probe_face_step(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: betas [T]; x_t, net_out [B, 3, H, W]. Out: x_prev [B, 3, H, W], the student's `step` at t = 0 with
    the notebook's predictor.
    """
    step, (predictor, _) = find(namespace, "step"), _choice(namespace)
    schedule = Schedule.from_betas(torch.from_numpy(arrays["betas"]))
    x_t, net_out = (torch.from_numpy(arrays[name]).float() for name in ("x_t", "net_out"))
    with torch.no_grad():
        x_prev = step(schedule, x_t, torch.zeros(len(x_t), dtype=torch.long), net_out, predictor)
    return {"x_prev": as_array(x_prev, tuple(x_t.shape), "step")}


def _choice(namespace: dict[str, Any]) -> tuple[str, str]:
    predictor, beta = (namespace.get(name) for name in ("predictor", "beta"))
    if predictor not in PREDICTORS or beta not in BETAS:
        raise BadReturn(
            "missing",
            f"`predictor` must be one of {', '.join(PREDICTORS)} and `beta` one of {', '.join(BETAS)}; "
            f"they are {predictor!r} and {beta!r}.",
        )
    return predictor, beta

"""Calls q_sample(schedule, x0, t, noise)."""

from typing import Any

import numpy as np
import torch

from labkit.checks.probes.common import as_array, decoy_schedules, find, globals_of, portions
from labkit.checks.registry import PROBES
from labkit.schedules import Schedule


@PROBES.add("q_sample")
def probe_q_sample(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: betas [T], decoy_betas, x0 [B, 2], t [B], optionally noise [B, 2]; a large batch in portions.

    Out: x_t [B, 2]; changed_x0, changed_noise: 1 where an input was changed in place.
    """
    answer = find(namespace, "q_sample")
    schedule = Schedule.from_betas(torch.from_numpy(arrays["betas"]))
    x0, t = torch.from_numpy(arrays["x0"]).float(), torch.from_numpy(arrays["t"])
    noise = torch.from_numpy(arrays["noise"]).float() if "noise" in arrays else None
    before = [given.clone() for given in (x0, noise) if given is not None]
    with decoy_schedules(globals_of(answer, namespace), arrays["decoy_betas"]):
        given = (x0, t) if noise is None else (x0, t, noise)
        parts = zip(*map(portions, given), strict=True)
        drawn = [as_array(answer(schedule, *part), tuple(part[0].shape), "q_sample") for part in parts]
    return {
        "x_t": np.concatenate(drawn),
        "changed_x0": float(not torch.equal(before[0], x0)),
        "changed_noise": float(noise is not None and not torch.equal(before[-1], noise)),
    }

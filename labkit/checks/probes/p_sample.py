"""Calls p_sample(network, schedule, x_t, t)."""

from typing import Any

import numpy as np
import torch

from labkit.checks.probes.common import as_array, decoy_schedules, find, globals_of
from labkit.checks.probes.network import FakeNetwork, joined, known
from labkit.checks.registry import PROBES
from labkit.schedules import Schedule


@PROBES.add("p_sample")
def probe_p_sample(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: betas [T], decoy_betas, x_t [B, 2], t (one number), eps [B, 2], the network's answer, optionally a
    seed for torch's generator.

    Out: x_prev [B, 2]; asked_x [N, 2], asked_t [N], asked_long: what the network was last asked, in one call
    or in several, and whether in whole numbers (asked_t is empty where it was not asked); asked_calls: in
    how many; asked_one_t: 1 where it was given one t for several samples; changed_x_t: 1 where the input was
    changed in place.
    """
    answer = find(namespace, "p_sample")
    schedule = Schedule.from_betas(torch.from_numpy(arrays["betas"]))
    x_t = torch.from_numpy(arrays["x_t"]).float()
    before = x_t.clone()
    t = torch.full((len(x_t),), int(arrays["t"]), dtype=torch.long)
    network = FakeNetwork(known(x_t, torch.from_numpy(arrays["eps"]).float()), x_t.shape[1:])
    with decoy_schedules(globals_of(answer, namespace), arrays["decoy_betas"]):
        if "seed" in arrays:
            torch.default_generator.manual_seed(int(arrays["seed"]))
        x_prev = answer(network, schedule, x_t, t)
    asked = network.asked_last(len(x_t))
    asked_x, asked_t = (joined(asked, part) if asked else np.zeros(0) for part in ("x", "t"))
    return {
        "x_prev": as_array(x_prev, tuple(before.shape), "p_sample"),
        "asked_x": asked_x,
        "asked_t": asked_t,
        "asked_long": float(network.asked_long),
        "asked_calls": float(len(asked)),
        "asked_one_t": float(network.one_t_for_all),
        "changed_x_t": float(not torch.equal(before, x_t)),
    }

"""Calls p_sample(network, schedule, x_t, t)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from labkit.checks.probes.common import as_array, decoy_schedules, find, first_changed, globals_of
from labkit.checks.probes.network import FakeNetwork, joined, known
from labkit.checks.registry import PROBES
from labkit.checks.reply import Reply, Values
from labkit.schedules import Schedule


@dataclass(frozen=True)
class PSampleReply(Reply):
    """What p_sample returned, and what it last asked the network, in one call or in several."""

    x_prev: np.ndarray
    """[B, 2]"""
    asked_x: np.ndarray
    """[N, 2]; empty where the network was not asked, as asked_t"""
    asked_t: np.ndarray
    """[N]"""
    asked_long: bool
    """Whether each t was a whole number."""
    asked_in_portions: bool
    asked_one_t: bool
    """Whether it was given one t for several samples."""


@PROBES.add("p_sample")
def probe_p_sample(namespace: dict[str, Any], values: Values) -> PSampleReply:
    """In: betas [T], decoy_betas, x_t [B, 2], t (one number), eps [B, 2], the network's answer, optionally a
    seed for torch's generator.
    """
    answer = find(namespace, "p_sample")
    schedule = Schedule.from_betas(torch.from_numpy(values["betas"]))
    x_t = torch.from_numpy(values["x_t"]).float()
    before = {"x_t": x_t.clone()}
    t = torch.full((len(x_t),), int(values["t"]), dtype=torch.long)
    network = FakeNetwork(known(x_t, torch.from_numpy(values["eps"]).float()), x_t.shape[1:])
    with decoy_schedules(globals_of(answer, namespace), values["decoy_betas"]):
        if "seed" in values:
            torch.default_generator.manual_seed(int(values["seed"]))
        x_prev = answer(network, schedule, x_t, t)
    asked = network.asked_last(len(x_t))
    asked_x, asked_t = (joined(asked, part) if asked else np.zeros(0) for part in ("x", "t"))
    return PSampleReply(
        x_prev=as_array(x_prev, tuple(before["x_t"].shape), "p_sample"),
        asked_x=asked_x,
        asked_t=asked_t,
        asked_long=network.asked_long,
        asked_in_portions=len(asked) > 1,
        asked_one_t=network.one_t_for_all,
        changed=first_changed(before, {"x_t": x_t}),
    )

"""Calls p_sample_loop(network, schedule, shape) and listens to what it asks of p_sample."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from labkit.checks.probes.common import (
    BadReturn,
    FakeNetwork,
    as_array,
    decoy_schedules,
    find,
    globals_of,
    stand_ins,
)
from labkit.schedules import Schedule


class _Enough(Exception):
    """The loop asks without end: what it asked so far tells enough."""


def probe_p_sample_loop(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: betas [T], decoy_betas, shape [2], steps [K, B, 2]: what a stand-in for p_sample answers at its
    k-th call; scale, shift [T]: the network, for answers that write the step out themselves.

    Out: x_0 of that shape; what p_sample was asked, call by call: step_x [calls, B, 2], step_t and
    step_spread (mean and range of t), step_length (entries of t, 0 where it is no vector), step_long,
    right_arguments; network_x [B, 2], network_t: what the network was asked first, and when.
    """
    answer = find(namespace, "p_sample_loop")
    schedule = Schedule.from_betas(torch.from_numpy(arrays["betas"]))
    shape = tuple(int(size) for size in arrays["shape"])
    steps = torch.from_numpy(arrays["steps"]).float()
    fake = FakeNetwork(arrays["scale"], arrays["shift"])
    given = schedule
    step_x: list[np.ndarray] = []
    asked: list[tuple[float, ...]] = []

    def p_sample(network: Any, schedule: Any, x_t: Tensor, t: Tensor) -> Tensor:
        if len(step_x) == 2 * len(steps) + 10:
            raise _Enough
        if tuple(x_t.shape) != shape:
            raise BadReturn(
                "ignores_shape", f"p_sample got x_t of shape {list(x_t.shape)}, expected {list(shape)}."
            )
        step_x.append(as_array(x_t, shape))
        times = torch.as_tensor(t)
        asked.append(
            (
                float(times.double().mean()),
                float(times.max() - times.min()),
                float(times.numel() if times.ndim == 1 else 0),
                float(not times.is_floating_point()),
                float(network is fake and schedule is given),
            )
        )
        return steps[(len(step_x) - 1) % len(steps)].clone()

    names = globals_of(answer, namespace)
    with decoy_schedules(names, arrays["decoy_betas"]), stand_ins(names, {"p_sample": p_sample}):
        try:
            x_0 = answer(fake, schedule, shape)
        except _Enough:
            x_0 = steps[-1]
    columns = ("step_t", "step_spread", "step_length", "step_long", "right_arguments")
    return {
        "x_0": as_array(x_0, shape, "p_sample_loop"),
        "step_x": np.stack(step_x) if step_x else np.zeros((0, *shape)),
        **dict(zip(columns, np.array(asked).reshape(-1, len(columns)).T, strict=True)),
        "network_x": fake.asked[0][0] if fake.asked else np.zeros((0, *shape)),
        "network_t": np.array([times.mean() for _, times in fake.asked]),
    }

"""Calls p_sample_loop(network, schedule, shape) and listens to what it asks of p_sample."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from labkit.checks.probes.common import (
    BadReturn,
    CalledOtherwise,
    as_array,
    as_documented,
    decoy_schedules,
    find,
    globals_of,
    run_with,
)
from labkit.checks.probes.network import FakeNetwork, affine
from labkit.checks.registry import PROBES
from labkit.schedules import Schedule


class _Enough(Exception):
    """The loop asks without end: what it asked so far tells enough."""


@dataclass
class _Steps:
    """A stand-in for p_sample: deals out results sample after sample, and remembers its calls."""

    results: Tensor
    shape: tuple[int, ...]
    x: list[Tensor] = field(default_factory=list)
    t: list[Tensor] = field(default_factory=list)
    right_arguments: list[float] = field(default_factory=list)
    dealt: int = 0

    def stand_in(self, fake: FakeNetwork, given: Schedule) -> Callable[..., Tensor]:
        """p_sample, for a loop that should hand on this network and this schedule."""

        def p_sample(network: Any, schedule: Any, x_t: Tensor, t: Tensor) -> Tensor:
            first, count = self.dealt % len(self.results), len(x_t)
            if self.dealt >= 2 * len(self.results) + 10 * self.shape[0]:
                raise _Enough
            if x_t.ndim != len(self.shape) or x_t.shape[1:] != self.shape[1:]:
                got = f"p_sample got x_t of shape {list(x_t.shape)}, expected {list(self.shape)}."
                raise BadReturn("ignores_shape", got)
            if not isinstance(t, Tensor) or t.shape != x_t.shape[:1]:
                got = f"t of shape {list(t.shape)}" if isinstance(t, Tensor) else f"t as {type(t).__name__}"
                text = f"p_sample got {got}, expected a tensor [{count}], one for each sample."
                raise CalledOtherwise(text, "t_not_batched")
            if not count:
                return x_t  # an empty portion asks nothing
            self.x.append(x_t.detach().clone())
            self.t.append(t.detach().clone())
            self.right_arguments.append(float(network is fake and schedule is given))
            self.dealt += count
            return self.results[torch.arange(first, first + count) % len(self.results)]

        return as_documented(p_sample)

    def forget(self) -> None:
        """Begin anew."""
        self.x, self.t, self.right_arguments, self.dealt = [], [], [], 0


@PROBES.add("p_sample_loop")
def probe_p_sample_loop(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: betas [T], decoy_betas, shape [2], steps [K, B, 2]: what a stand-in for p_sample returns, sample
    after sample in the order in which it is asked; scale, shift [T]: the network, for answers that write the
    step out themselves.

    Out: x_0 of that shape; what p_sample was asked: step_x [N, 2], and call by call step_size (samples),
    step_t and step_spread (mean and range of t), step_long, right_arguments; network_x [M, 2], and call by
    call network_size, network_t (mean): what the network was asked; own_helper: 1 where the student's own
    p_sample made the steps.
    """
    answer = find(namespace, "p_sample_loop")
    schedule = Schedule.from_betas(torch.from_numpy(arrays["betas"]))
    shape = tuple(int(size) for size in arrays["shape"])
    results = torch.from_numpy(arrays["steps"]).float().flatten(0, 1)
    names = globals_of(answer, namespace)
    steps = _Steps(results, shape)
    fake = FakeNetwork(affine(arrays["scale"], arrays["shift"]), shape[1:])

    def run() -> Any:
        steps.forget()
        fake.asked.clear()
        try:
            return answer(fake, schedule, shape)
        except _Enough:
            return results[-shape[0] :]

    with decoy_schedules(names, arrays["decoy_betas"]):
        x_0, own_helper = run_with(names, {"p_sample": steps.stand_in(fake, schedule)}, run)
    _demand_shape(x_0, steps.x, shape)
    asked = [call for call in fake.asked if len(call.x)]
    network_t = [call.t for call in asked]
    return {
        "x_0": as_array(x_0, shape, "p_sample_loop"),
        "step_x": _joined(steps.x, shape),
        **{f"step_{name}": values for name, values in _per_call(steps.t).items()},
        "right_arguments": np.array(steps.right_arguments),
        "network_x": _joined([call.x for call in asked], shape),
        **{f"network_{name}": values for name, values in _per_call(network_t).items()},
        "own_helper": own_helper,
    }


def _joined(x: list[Tensor], shape: tuple[int, ...]) -> np.ndarray:
    """What all calls were about, sample after sample."""
    together = torch.cat(x) if x else torch.zeros(0, *shape[1:])
    return as_array(together, tuple(together.shape), "A step")


def _per_call(times: list[Tensor]) -> dict[str, np.ndarray]:
    """Of the t of each call: how many, their mean and range, and whether they are whole numbers."""
    size = np.array([len(t) for t in times])
    if not len(size):
        return {name: np.zeros(0) for name in ("size", "t", "spread", "long")}
    together, first = torch.cat(times).double().numpy(), np.cumsum(size) - size
    return {
        "size": size,
        "t": np.add.reduceat(together, first) / size,
        "spread": np.maximum.reduceat(together, first) - np.minimum.reduceat(together, first),
        "long": np.array([float(not t.is_floating_point()) for t in times]),
    }


def _demand_shape(x_0: Any, asked: list[Tensor], shape: tuple[int, ...]) -> None:
    """Where as many samples come back as were begun, the loop began with too many or too few."""
    if isinstance(x_0, Tensor) and x_0.shape != shape and any(x.shape == x_0.shape for x in asked):
        text = f"It returned samples of shape {list(x_0.shape)}; {list(shape)} was asked for."
        raise BadReturn("ignores_shape", text)

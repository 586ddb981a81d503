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
from labkit.checks.reply import Reply, Values
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
    right_arguments: bool = True
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
            self.right_arguments &= network is fake and schedule is given
            self.dealt += count
            return self.results[torch.arange(first, first + count) % len(self.results)]

        return as_documented(p_sample)

    def forget(self) -> None:
        """Begin anew."""
        self.x, self.t, self.right_arguments, self.dealt = [], [], True, 0


@dataclass(frozen=True)
class LoopReply(Reply):
    """What p_sample_loop returned, and what it asked p_sample and the network, call by call."""

    x_0: np.ndarray
    """[B, 2]"""
    step_x: np.ndarray
    """[N, 2], all samples that p_sample was given"""
    step_size: np.ndarray
    """How many of them each call was about."""
    step_t: np.ndarray
    """The mean of each call's t."""
    step_t_differs: bool
    """Whether in one call there were several t."""
    step_t_long: bool
    right_arguments: bool
    """Whether p_sample was always given the loop's own network and schedule."""
    network_x: np.ndarray
    """[M, 2]"""
    network_size: np.ndarray
    network_t: np.ndarray


@PROBES.add("p_sample_loop")
def probe_p_sample_loop(namespace: dict[str, Any], values: Values) -> LoopReply:
    """In: betas [T], decoy_betas, shape [2], steps [K, B, 2]: what a stand-in for p_sample returns, sample
    after sample in the order in which it is asked; scale, shift [T]: the network, for answers that write the
    step out themselves.
    """
    answer = find(namespace, "p_sample_loop")
    schedule = Schedule.from_betas(torch.from_numpy(values["betas"]))
    shape = tuple(int(size) for size in values["shape"])
    results = torch.from_numpy(values["steps"]).float().flatten(0, 1)
    names = globals_of(answer, namespace)
    steps = _Steps(results, shape)
    fake = FakeNetwork(affine(values["scale"], values["shift"]), shape[1:])

    def run() -> Any:
        steps.forget()
        fake.asked.clear()
        try:
            return answer(fake, schedule, shape)
        except _Enough:
            return results[-shape[0] :]

    with decoy_schedules(names, values["decoy_betas"]):
        x_0, own_helper = run_with(names, {"p_sample": steps.stand_in(fake, schedule)}, run)
    _demand_shape(x_0, steps.x, shape)
    asked = [call for call in fake.asked if len(call.x)]
    returned, step_x = as_array(x_0, shape, "p_sample_loop"), _joined(steps.x, shape)
    step_size, step_t, spread = _per_call(steps.t)
    network_size, network_t, _ = _per_call([call.t for call in asked])
    return LoopReply(
        x_0=returned,
        step_x=step_x,
        step_size=step_size,
        step_t=step_t,
        step_t_differs=bool(spread.any()),
        step_t_long=not any(t.is_floating_point() for t in steps.t),
        right_arguments=steps.right_arguments,
        network_x=_joined([call.x for call in asked], shape),
        network_size=network_size,
        network_t=network_t,
        own_helper=own_helper,
    )


def _joined(x: list[Tensor], shape: tuple[int, ...]) -> np.ndarray:
    """What all calls were about, sample after sample."""
    together = torch.cat(x) if x else torch.zeros(0, *shape[1:])
    return as_array(together, tuple(together.shape), "A step")


def _per_call(times: list[Tensor]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the t of each call: how many, their mean and their range."""
    size = np.array([len(t) for t in times])
    if not len(size):
        return np.zeros(0), np.zeros(0), np.zeros(0)
    together, first = torch.cat(times).double().numpy(), np.cumsum(size) - size
    spread = np.maximum.reduceat(together, first) - np.minimum.reduceat(together, first)
    return size, np.add.reduceat(together, first) / size, spread


def _demand_shape(x_0: Any, asked: list[Tensor], shape: tuple[int, ...]) -> None:
    """Where as many samples come back as were begun, the loop began with too many or too few."""
    if isinstance(x_0, Tensor) and x_0.shape != shape and any(x.shape == x_0.shape for x in asked):
        text = f"It returned samples of shape {list(x_0.shape)}; {list(shape)} was asked for."
        raise BadReturn("ignores_shape", text)

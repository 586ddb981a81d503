"""Calls step_predict_*(schedule, x_t, t, net_out), and step(schedule, x_t, t, net_out, predictor)."""

from collections.abc import Callable
from dataclasses import dataclass
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
    first_changed,
    globals_of,
    run_with,
)
from labkit.checks.probes.network import nearest
from labkit.checks.registry import PROBES
from labkit.checks.reply import MOST_LETTERS, Reply, Values
from labkit.course.syllabus import PREDICTORS
from labkit.schedules import Schedule, extract

STEPS = tuple(f"step_predict_{predictor}" for predictor in PREDICTORS)


@dataclass(frozen=True)
class StepPredictReply(Reply):
    """What a step returned."""

    x_prev: np.ndarray
    """[B, C, H, W]"""


@dataclass(frozen=True)
class StepReply(StepPredictReply):
    """What `step` returned, and which of the three steps it called."""

    calls: np.ndarray
    """[n, 5]: which one (0, 1, 2) and with which arguments (see _Inputs.which), once where portions of the
    batch make the whole."""


@dataclass(frozen=True)
class StepErrorReply(Reply):
    """What became of a call of `step` that may raise."""

    raised: bool
    returned_none: bool
    message: str
    """The error's, cut to MOST_LETTERS; empty where there was none."""


class _Inputs:
    """The arguments of a step as tensors, and copies that tell whether the answer wrote into them."""

    def __init__(self, values: Values):
        self.schedule = Schedule.from_betas(torch.from_numpy(values["betas"]))
        self.x_t = torch.from_numpy(values["x_t"]).float()
        self.net_out = torch.from_numpy(values["net_out"]).float()
        self.t = torch.full((len(self.x_t),), int(values["t"]), dtype=torch.long)
        self._before = {name: getattr(self, name).clone() for name in ("x_t", "net_out", "t")}

    def changed(self) -> str:
        """The first that was changed in place; empty where none was."""
        return first_changed(self._before, vars(self))

    def rows(self, *values: Any) -> Tensor:
        """Which samples of the batch a call is about: all, but where it holds some of x_t's or net_out's."""
        for value in values:
            is_image = isinstance(value, Tensor) and value.shape[1:] == self.x_t.shape[1:]
            if is_image and len(value) < len(self.x_t):
                for mine in (self._before["x_t"], self._before["net_out"]):
                    distance, index = nearest(value.float(), mine)
                    if (distance < 1e-4).all():
                        return index
        return torch.arange(len(self.x_t))

    def which(self, value: Any, rows: Tensor) -> float:
        """Which of the step's arguments this is for some samples, 0 … 3 in their order; 4 another schedule,
        5 t as one number, 6 t of another shape or not whole, −1 none of them."""
        if isinstance(value, Schedule):
            return 0.0 if value is self.schedule else 4.0
        if isinstance(value, int | float):
            return 5.0 if value == self.t[0] else -1.0
        if isinstance(value, Tensor):
            for number, mine in ((1, self._before["x_t"][rows]), (3, self._before["net_out"][rows])):
                if value.shape == mine.shape and torch.allclose(value.float(), mine):
                    return float(number)
            if value.numel() and bool((value == self.t[0]).all()):
                return 2.0 if value.shape == rows.shape and not value.is_floating_point() else 6.0
        return -1.0


_Calls = list[tuple[list[float], Tensor]]
"""Of each call of a stand-in: which step and which arguments, and which samples of the batch"""


def _run(answer: Callable[..., Any], inputs: _Inputs, values: Values, *more: Any) -> Any:
    if "seed" in values:
        torch.default_generator.manual_seed(int(values["seed"]))
    return answer(inputs.schedule, inputs.x_t, inputs.t, inputs.net_out, *more)


def probe_step_predict(todo: str) -> Callable[[dict[str, Any], Values], StepPredictReply]:
    """Return the probe of one of the three steps.

    In: betas [T], decoy_betas, x_t and net_out [B, C, H, W], t (one number), optionally a seed for torch's
    generator; for each of the two other steps, by its name, [3, T]: what a stand-in for it multiplies x_t,
    net_out and a draw with, so that a mistake in the student's own costs nothing here.
    """

    def probe(namespace: dict[str, Any], values: Values) -> StepPredictReply:
        answer, inputs = find(namespace, todo), _Inputs(values)
        factors = {name: values[name] for name in STEPS if name != todo}
        names, others = globals_of(answer, namespace), _other_steps(todo, inputs.schedule, factors)
        with decoy_schedules(names, values["decoy_betas"]):
            x_prev, own_helper = run_with(names, others, lambda: _run(answer, inputs, values))
        x_prev = as_array(x_prev, tuple(inputs.x_t.shape), todo)
        seen = StepPredictReply(x_prev, changed=inputs.changed(), own_helper=own_helper)
        if len(inputs.x_t) == 1:
            _demand_an_end(answer, _Inputs(values), todo)
        return seen

    return probe


for _todo in STEPS:
    PROBES.add(_todo)(probe_step_predict(_todo))


def _demand_an_end(answer: Callable[..., Any], inputs: _Inputs, todo: str) -> None:
    """Without stand-ins: a step may leave its work to another one, which must not leave it to the first."""
    try:
        _run(answer, inputs, {})
    except RecursionError:
        raise BadReturn("calls_in_a_circle", f"{todo} calls another step, which calls it again.") from None
    except Exception:  # another answer's mistake is none of this one
        return


def _other_steps(todo: str, given: Schedule, factors: dict[str, np.ndarray]) -> dict[str, Any]:
    """Stand-ins for the steps that an answer may call although it is not about them."""

    def stand_in(name: str, table: Tensor) -> Callable[..., Tensor]:
        def step(schedule: Any, x_t: Tensor, t: Tensor, net_out: Tensor) -> Tensor:
            if schedule is not given:
                raise BadReturn("reads_global", f"{todo} gave another step another schedule than its own.")
            of_x_t, of_net_out, std = (extract(values, t, x_t) for values in table)
            return of_x_t * x_t + of_net_out * net_out + std * torch.randn_like(x_t)

        step.__name__ = name
        return as_documented(step)

    return {name: stand_in(name, torch.from_numpy(table).float()) for name, table in factors.items()}


@PROBES.add("step")
def probe_step(namespace: dict[str, Any], values: Values) -> StepReply:
    """In: as for the steps, without the others'; predictor, by its name; outputs [3, B, C, H, W]: what
    stand-ins for the three steps return.
    """
    inputs, calls = _Inputs(values), _Calls()
    returned, own_helper = _ask_step(namespace, values, inputs, calls, lambda call: call())
    return StepReply(
        x_prev=as_array(returned, tuple(inputs.x_t.shape), "step"),
        calls=np.array(_together(calls, len(inputs.x_t))).reshape(-1, 5),
        changed=inputs.changed(),
        own_helper=own_helper,
    )


@PROBES.add("step_error")
def probe_step_error(namespace: dict[str, Any], values: Values) -> StepErrorReply:
    """In: as for step; the predictor is one that should raise an error, or that did."""
    return _ask_step(namespace, values, _Inputs(values), _Calls(), _error_of)[0]


def _ask_step(
    namespace: dict[str, Any],
    values: Values,
    inputs: _Inputs,
    calls: _Calls,
    see: Callable[[Callable[[], Any]], Any],
) -> tuple[Any, bool]:
    """What is seen of a call of `step`, with stand-ins for the three steps in place; see `run_with`."""
    answer, outputs = find(namespace, "step"), torch.from_numpy(values["outputs"]).float()

    def stand_in(number: int) -> Callable[..., Tensor]:
        def step(schedule: Any, x_t: Any, t: Any, net_out: Any) -> Tensor:
            given, rows = (schedule, x_t, t, net_out), inputs.rows(x_t, net_out)
            calls.append(([float(number), *(inputs.which(one, rows) for one in given)], rows))
            return outputs[number][rows]

        step.__name__ = STEPS[number]
        return as_documented(step)

    def run() -> Any:
        calls.clear()
        return see(lambda: _run(answer, inputs, values, values["predictor"]))

    names = globals_of(answer, namespace)
    steps = {name: stand_in(number) for number, name in enumerate(STEPS)}
    with decoy_schedules(names, values["decoy_betas"]):
        return run_with(names, _in_dictionaries(names, steps) | steps, run)


def _together(calls: _Calls, batch: int) -> list[list[float]]:
    """The calls; as one where all are alike and each sample is in one of them."""
    alike = all(call == calls[0][0] for call, _ in calls)
    if (
        alike
        and len(calls) > 1
        and torch.cat([rows for _, rows in calls]).sort().values.equal(torch.arange(batch))
    ):
        return [calls[0][0]]
    return [call for call, _ in calls]


def _in_dictionaries(names: dict[str, Any], steps: dict[str, Any]) -> dict[str, Any]:
    """Global dictionaries of steps, as some dispatch with, with the stand-ins in their places."""
    found = {}
    for name, value in names.items():
        if name[:2] != "__" and isinstance(value, dict):
            changed = {key: steps.get(getattr(entry, "__name__", ""), entry) for key, entry in value.items()}
            if any(changed[key] is not value[key] for key in value):
                found[name] = changed
    return found


def _error_of(call: Callable[[], Any]) -> StepErrorReply:
    try:
        returned = call()
    except CalledOtherwise:
        raise
    except Exception as error:  # whichever the answer chose
        return StepErrorReply(raised=True, returned_none=False, message=str(error)[:MOST_LETTERS])
    return StepErrorReply(raised=False, returned_none=returned is None, message="")

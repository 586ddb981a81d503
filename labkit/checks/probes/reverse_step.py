"""Calls step_predict_*(schedule, x_t, t, net_out), and step(schedule, x_t, t, net_out, predictor)."""

from collections.abc import Callable
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
from labkit.checks.probes.network import nearest
from labkit.checks.registry import PROBES
from labkit.course.syllabus import PREDICTORS
from labkit.schedules import Schedule, extract

STEPS = tuple(f"step_predict_{predictor}" for predictor in PREDICTORS)
MESSAGE_LENGTH = 2000


class _Inputs:
    """The arguments of a step as tensors, and copies that tell whether the answer wrote into them."""

    def __init__(self, arrays: dict[str, Any]):
        self.schedule = Schedule.from_betas(torch.from_numpy(arrays["betas"]))
        self.x_t = torch.from_numpy(arrays["x_t"]).float()
        self.net_out = torch.from_numpy(arrays["net_out"]).float()
        self.t = torch.full((len(self.x_t),), int(arrays["t"]), dtype=torch.long)
        self._before = {name: getattr(self, name).clone() for name in ("x_t", "net_out", "t")}

    def changed(self) -> dict[str, float]:
        """1 where an input was changed in place."""
        return {
            f"changed_{name}": float(not torch.equal(before, getattr(self, name)))
            for name, before in self._before.items()
        }

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


def _run(answer: Callable[..., Any], inputs: _Inputs, arrays: dict[str, Any], *more: Any) -> Any:
    if "seed" in arrays:
        torch.default_generator.manual_seed(int(arrays["seed"]))
    return answer(inputs.schedule, inputs.x_t, inputs.t, inputs.net_out, *more)


def probe_step_predict(todo: str) -> Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]:
    """Return the probe of one of the three steps.

    In: betas [T], decoy_betas, x_t and net_out [B, C, H, W], t (one number), optionally a seed for torch's
    generator; factors [3, 3, T]: what stand-ins for the two other steps multiply x_t, net_out and a draw
    with, so that a mistake in the student's own costs nothing here.
    Out: x_prev [B, C, H, W]; changed_x_t, changed_net_out, changed_t: 1 where changed in place; own_helper: 1
    where the student's own other steps answered.
    """

    def probe(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
        answer, inputs = find(namespace, todo), _Inputs(arrays)
        names, others = globals_of(answer, namespace), _other_steps(todo, inputs.schedule, arrays["factors"])
        with decoy_schedules(names, arrays["decoy_betas"]):
            x_prev, own_helper = run_with(names, others, lambda: _run(answer, inputs, arrays))
        seen = {"x_prev": as_array(x_prev, tuple(inputs.x_t.shape), todo), **inputs.changed()}
        seen["own_helper"] = own_helper
        if len(inputs.x_t) == 1:
            _demand_an_end(answer, _Inputs(arrays), todo)
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


def _other_steps(todo: str, given: Schedule, factors: np.ndarray) -> dict[str, Any]:
    """Stand-ins for the steps that an answer may call although it is not about them."""

    def stand_in(name: str, table: Tensor) -> Callable[..., Tensor]:
        def step(schedule: Any, x_t: Tensor, t: Tensor, net_out: Tensor) -> Tensor:
            if schedule is not given:
                raise BadReturn("reads_global", f"{todo} gave another step another schedule than its own.")
            of_x_t, of_net_out, std = (extract(values, t, x_t) for values in table)
            return of_x_t * x_t + of_net_out * net_out + std * torch.randn_like(x_t)

        step.__name__ = name
        return as_documented(step)

    tables = torch.from_numpy(factors).float()
    return {name: stand_in(name, table) for name, table in zip(STEPS, tables, strict=True) if name != todo}


@PROBES.add("step")
def probe_step(namespace: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
    """In: as for the steps, without factors; predictor: the letters' numbers; outputs [3, B, C, H, W]: what
    stand-ins for the three steps return; expect_error: 1 where the answer should raise one.

    Out: calls [n, 5]: which step was called (0, 1, 2) and with which arguments (see _Inputs.which), once
    where portions of the batch make the whole; x_prev and changed_… as for the steps; own_helper: 1 where the
    student's own steps answered. Where an error is expected instead: raised (1 where there was one),
    returned_none, and message: its letters' numbers.
    """
    answer, inputs = find(namespace, "step"), _Inputs(arrays)
    outputs = torch.from_numpy(arrays["outputs"]).float()
    predictor = _text(arrays["predictor"])
    calls: list[tuple[list[float], Tensor]] = []

    def stand_in(number: int) -> Callable[..., Tensor]:
        def step(schedule: Any, x_t: Any, t: Any, net_out: Any) -> Tensor:
            values, rows = (schedule, x_t, t, net_out), inputs.rows(x_t, net_out)
            calls.append(([float(number), *(inputs.which(value, rows) for value in values)], rows))
            return outputs[number][rows]

        step.__name__ = STEPS[number]
        return as_documented(step)

    def run() -> Any:
        calls.clear()
        if arrays["expect_error"]:
            return _error_of(answer, inputs, arrays, predictor)
        return _run(answer, inputs, arrays, predictor)

    names = globals_of(answer, namespace)
    steps = {name: stand_in(number) for number, name in enumerate(STEPS)}
    with decoy_schedules(names, arrays["decoy_betas"]):
        returned, own_helper = run_with(names, _in_dictionaries(names, steps) | steps, run)
    if arrays["expect_error"]:
        return returned
    return {
        "x_prev": as_array(returned, tuple(inputs.x_t.shape), "step"),
        "calls": np.array(_together(calls, len(inputs.x_t))).reshape(-1, 5),
        **inputs.changed(),
        "own_helper": own_helper,
    }


def _together(calls: list[tuple[list[float], Tensor]], batch: int) -> list[list[float]]:
    """The calls; as one where all are alike and each sample is in one of them."""
    alike = all(call == calls[0][0] for call, _ in calls)
    if (
        alike
        and len(calls) > 1
        and torch.cat([rows for _, rows in calls]).sort().values.equal(torch.arange(batch))
    ):
        return [calls[0][0]]
    return [call for call, _ in calls]


def _text(letters: np.ndarray) -> str:
    return "".join(chr(int(letter)) for letter in letters)


def _in_dictionaries(names: dict[str, Any], steps: dict[str, Any]) -> dict[str, Any]:
    """Global dictionaries of steps, as some dispatch with, with the stand-ins in their places."""
    found = {}
    for name, value in names.items():
        if name[:2] != "__" and isinstance(value, dict):
            changed = {key: steps.get(getattr(entry, "__name__", ""), entry) for key, entry in value.items()}
            if any(changed[key] is not value[key] for key in value):
                found[name] = changed
    return found


def _error_of(
    answer: Callable[..., Any], inputs: _Inputs, arrays: dict[str, Any], predictor: str
) -> dict[str, Any]:
    try:
        returned = _run(answer, inputs, arrays, predictor)
    except CalledOtherwise:
        raise
    except Exception as error:  # whichever the answer chose
        letters = [float(ord(letter)) for letter in str(error)[:MESSAGE_LENGTH]]
        return {"raised": 1.0, "returned_none": 0.0, "message": np.array(letters)}
    return {"raised": 0.0, "returned_none": float(returned is None), "message": np.zeros(0)}

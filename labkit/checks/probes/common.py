"""What all probes share: finding the answer, stand-ins for its helpers, reading what it returns."""

import contextlib
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from labkit.schedules import Schedule, extract


class BadReturn(Exception):
    """The answer is not there, or returned something that cannot be judged."""

    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind


def nothing_returned(what: str) -> BadReturn:
    """Where `what` has given None."""
    return BadReturn("returns_none", f"{what} returned None: does each way through it end in `return`?")


def find(namespace: dict[str, Any], name: str) -> Callable[..., Any]:
    """Look the answer up by name."""
    if name not in namespace:
        raise BadReturn("missing", f"There is no `{name}` yet: run the cell that defines it, then this one.")
    if not callable(namespace[name]):
        raise BadReturn("missing", f"`{name}` is no function but a value: {type(namespace[name]).__name__}.")
    return namespace[name]


def globals_of(answer: Callable[..., Any], namespace: dict[str, Any]) -> dict[str, Any]:
    """The globals in which the answer looks its helpers up; behind decorators such as torch.no_grad()."""
    return getattr(inspect.unwrap(answer), "__globals__", namespace)


@contextlib.contextmanager
def stand_ins(names: dict[str, Any], replaced: dict[str, Any]) -> Iterator[None]:
    """Put `replaced` into the namespace `names` for the length of a block."""
    before = {name: names[name] for name in replaced if name in names}
    names.update(replaced)
    try:
        yield
    finally:
        for name in replaced:
            names.pop(name, None)
        names.update(before)


@contextlib.contextmanager
def decoy_schedules(names: dict[str, Any], betas: np.ndarray) -> Iterator[None]:
    """Replace every global schedule, so that an answer which reads one instead of its argument shows."""
    schedules = [name for name, value in names.items() if isinstance(value, Schedule)]
    with stand_ins(names, {name: Schedule.from_betas(torch.from_numpy(betas)) for name in schedules}):
        yield


def as_array(value: Any, shape: tuple[int, ...], what: str = "it") -> np.ndarray:
    """Turn a returned tensor into float64 numbers, or say what is wrong with it."""
    if value is None:
        raise nothing_returned(what)
    if isinstance(value, tuple | list):
        kind = type(value).__name__
        raise BadReturn(f"returns_{kind}", f"{what} returned a {kind} of {len(value)}, expected one tensor.")
    if not isinstance(value, Tensor):
        raise BadReturn("returns_other", f"{what} returned a {type(value).__name__}, expected a tensor.")
    if tuple(value.shape) != shape:
        raise BadReturn(
            "wrong_shape", f"{what} returned the shape {list(value.shape)}, expected {list(shape)}."
        )
    if not value.isfinite().all():
        raise BadReturn("not_finite", f"{what} returned NaN or infinite numbers.")
    if not value.is_floating_point():
        raise BadReturn("wrong_dtype", f"{what} returned {value.dtype}, expected floating-point numbers.")
    return value.detach().cpu().double().numpy()


class FakeNetwork(torch.nn.Module):
    """A network described by numbers: it answers `scale[t]·x_t + shift[t]`, plus `outputs` where given.

    x_t is a batch of points or images. It remembers what it was asked; its answer can take a gradient.
    """

    def __init__(self, scale: np.ndarray, shift: np.ndarray, outputs: np.ndarray | None = None):
        super().__init__()
        self.anchor = torch.nn.Parameter(torch.zeros(()))  # some look at a parameter to find the device
        self.scale, self.shift = torch.from_numpy(scale).float(), torch.from_numpy(shift).float()
        self.outputs = None if outputs is None else torch.from_numpy(outputs).float()
        self.asked: list[tuple[np.ndarray, np.ndarray]] = []
        self.answers: list[Tensor] = []
        self.asked_long = True

    def forward(self, x_t: Tensor, t: Tensor | None = None) -> Tensor:
        """Answer, and remember (x_t, t)."""
        if t is None:
            raise BadReturn("network_without_t", "It needs to know how much noise there is in x_t.")
        if not isinstance(x_t, Tensor):
            got = f"a {type(x_t).__name__}" + (f" of {len(x_t)}" if isinstance(x_t, tuple) else "")
            raise BadReturn("network_gets_no_tensor", f"It was given {got}.")
        if torch.as_tensor(t).ndim > 1:
            raise BadReturn("t_not_batched", f"The network got t of shape {list(t.shape)}, expected [B].")
        self.asked_long = self.asked_long and not torch.as_tensor(t).is_floating_point()
        times = torch.as_tensor(t).detach().cpu().double().reshape(-1)
        self.asked.append((x_t.detach().cpu().double().numpy().copy(), times.numpy().copy()))
        nearest = times.round().long().clamp(0, len(self.scale) - 1)
        scale, shift = (extract(table, nearest, x_t) for table in (self.scale, self.shift))
        answer = scale * x_t.detach() + shift
        if self.outputs is not None:
            answer = answer + self.outputs
        self.answers.append(answer.requires_grad_())
        return self.answers[-1].clone()  # a real network's output may be changed in place, a leaf may not

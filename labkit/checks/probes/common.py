"""What all probes share: finding the answer, stand-ins for its helpers, reading what it returns."""

import contextlib
import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from labkit.schedules import Schedule

MOST_AT_ONCE = 2048
"""The lessons ask an answer for no more samples at once. Where a judge wants more numbers, calls add up."""


class BadReturn(Exception):
    """The answer is not there, or returned something that cannot be judged."""

    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind


class CalledOtherwise(Exception):
    """A stand-in was called as the docstring of the answer in whose place it stands does not say."""

    def __init__(self, message: str, kind: str = "helper_called_otherwise"):
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


def as_documented(stand_in: Callable[..., Any]) -> Callable[..., Any]:
    """A stand-in that raises CalledOtherwise where its signature, the docstring's, does not fit a call."""

    @functools.wraps(stand_in)
    def called(*args: Any, **named: Any) -> Any:
        try:
            return stand_in(*args, **named)
        except TypeError:
            signature = inspect.signature(stand_in)
            try:
                signature.bind(*args, **named)
            except TypeError as error:
                takes = ", ".join(signature.parameters)
                text = f"{stand_in.__name__} takes ({takes}) by its docstring. Called here: {error}."
                raise CalledOtherwise(text) from None
            raise

    return called


def run_with(names: dict[str, Any], replaced: dict[str, Any], run: Callable[[], Any]) -> tuple[Any, bool]:
    """What `run` returns while stand-ins are in place, and whether the student's own helpers answered.

    They do where a stand-in is called otherwise than its docstring says: an option of one's own is no
    mistake. Raises BadReturn where there are none, or where they too do not take that call.
    """
    try:
        with stand_ins(names, replaced):
            return run(), False
    except CalledOtherwise as error:
        otherwise = error
    try:
        return run(), True
    except BadReturn:
        raise
    except Exception:
        raise BadReturn(otherwise.kind, str(otherwise)) from None


@contextlib.contextmanager
def decoy_schedules(names: dict[str, Any], betas: np.ndarray) -> Iterator[None]:
    """Replace every global schedule, so that an answer which reads one instead of its argument shows."""
    schedules = [name for name, value in names.items() if isinstance(value, Schedule)]
    with stand_ins(names, {name: Schedule.from_betas(torch.from_numpy(betas)) for name in schedules}):
        yield


def portions(batch: Tensor) -> tuple[Tensor, ...]:
    """A batch [B, …] in as few portions as MOST_AT_ONCE allows, of the same size as nearly as can be."""
    return batch.tensor_split(num_portions(len(batch)))


def num_portions(batch: int) -> int:
    """How many they are."""
    return -(-batch // MOST_AT_ONCE)


def first_changed(before: dict[str, Tensor], after: dict[str, Any]) -> str:
    """The first argument that was changed in place, by its name; empty where none was."""
    return next((name for name, x in before.items() if not torch.equal(x, after[name])), "")


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

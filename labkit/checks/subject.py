"""The narrow interface between judge and probe: a name and values there, a typed reply back, nothing else.

A judge asks `subject.call(probe, values, reply)`; the subject runs that probe beside the student's code and
hands back a reply of this type. Here the student's code lives in this very process. A sandbox on the other
side of a socket offers the same `call`, and no judge has to change for it.
"""

import contextlib
import io
import re
import traceback
from pathlib import Path
from typing import Any, Protocol

import torch

import labkit.checks.probes  # noqa: F401  # they register themselves
from labkit.checks.probes.common import BadReturn, num_portions
from labkit.checks.registry import PROBES
from labkit.checks.reply import R, Values
from labkit.time_limit import EndlessError, time_limit

_ONE_TRUTH = re.compile("Boolean value of Tensor with more than one value is ambiguous")
_TWO_SIZES = re.compile(r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)")
"""How PyTorch says it"""


class AnswerError(Exception):
    """The answer gave nothing to judge. `kind` tells how:

    missing (no such name), empty (still the released stub), raised (an exception in the student's code; where
    PyTorch tells why, if_of_a_batch or missing_broadcast), endless (it did not come back in time), or what it
    returned instead of a tensor: returns_none, returns_tuple, returns_list, returns_other, wrong_shape,
    wrong_dtype, …; unreadable where a sandbox sent something else than a reply.
    """

    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind


class Subject(Protocol):
    """Where an answer lives."""

    folder: Path
    """That of its notebook: what a training left there a judge reads by itself."""

    def call(self, probe: str, values: Values, reply: type[R], seconds: float = 10.0) -> R:
        """Run a probe with these inputs and return what it saw, a reply of the probe's own type.

        Raises AnswerError where the answer raises, is missing, or takes longer than `seconds`.
        """
        ...


class NamespaceSubject:
    """Answers that live in a namespace of this process: a notebook's globals, an executed file."""

    def __init__(self, namespace: dict[str, Any], folder: Path = Path()):
        self.namespace, self.folder = namespace, folder
        self._devices = range(torch.cuda.device_count())

    def call(self, probe: str, values: Values, reply: type[R], seconds: float = 10.0) -> R:
        """See `Subject.call`. What the answer prints meanwhile is dropped: it is no part of the check.

        Raises LookupError where no probe has this name.
        """
        if probe not in PROBES:
            raise LookupError(f"There is no probe {probe!r}; the probes are: {', '.join(PROBES)}.")
        quiet = io.StringIO()
        try:
            with (
                contextlib.redirect_stdout(quiet),
                contextlib.redirect_stderr(quiet),
                torch.random.fork_rng(devices=self._devices),
                time_limit(seconds),
            ):
                # Fresh draws; the notebook's own sequence goes on as if nothing had been. torch.seed would
                # do, but it takes half a millisecond for devices that are not there.
                torch.default_generator.seed()
                return PROBES[probe](self.namespace, dict(values))
        except BadReturn as bad:
            raise AnswerError(bad.kind, str(bad)) from None
        except EndlessError:
            raise AnswerError("endless", took_too_long(seconds, values)) from None
        except NotImplementedError as error:
            if str(error) and not str(error).startswith("TODO"):  # torch's own, of an operation that it lacks
                raise AnswerError(_kind(error, values), _describe(error, self.namespace)) from None
            raise AnswerError("empty", str(error) or "This TODO is still empty.") from None
        except (Exception, SystemExit) as error:
            raise AnswerError(_kind(error, values), _describe(error, self.namespace)) from None


def took_too_long(seconds: float, values: Values) -> str:
    """The sentence for a call that did not come back: what it was asked for, and how long it had."""
    batch = _batch(values)
    what = {2: "points", 4: "images"}.get(len(batch))
    return f"It took longer than {seconds:.0f} seconds" + (f" for {batch[0]:,} {what}." if what else ".")


def _batch(values: Values) -> tuple[int, ...]:
    """The shape of the batch that an answer was asked about; () where it was about none."""
    if "shape" in values:
        return tuple(int(size) for size in values["shape"])
    return next((values[name].shape for name in ("x0", "x_t", "x") if name in values), ())


def _kind(error: BaseException, values: Values) -> str:
    """What an exception in the student's code is called."""
    if _ONE_TRUTH.search(str(error)):
        return "if_of_a_batch"
    sizes, batch = _TWO_SIZES.search(str(error)), _batch(values)
    if sizes and batch:
        parts = num_portions(batch[0])
        found = {int(size) for size in sizes.groups()}
        # One number for each sample stood beside pixels or coordinates.
        if found & {batch[0] // parts, -(-batch[0] // parts)} and found & set(batch[1:]):
            return "missing_broadcast"
    return "raised"


def _describe(error: BaseException, namespace: dict[str, Any]) -> str:
    """Name the exception and the last line of the student's own code that it went through."""
    what = f"{type(error).__name__}: {error}".strip().rstrip(":").splitlines()[0]
    own = [
        line
        for (frame, _), line in zip(
            traceback.walk_tb(error.__traceback__), traceback.extract_tb(error.__traceback__), strict=True
        )
        if frame.f_globals is namespace or "__labkit_answer__" in frame.f_globals
    ]
    where = f"In line {own[-1].lineno} of its cell, `{own[-1].line}`: " if own and own[-1].line else ""
    return f"{where}{what}."

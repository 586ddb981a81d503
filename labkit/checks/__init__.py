"""Checks that judge an answer by what it does: draw secret inputs → probe the answer → judge.

`check("q_sample")` in a notebook is all that a student needs.
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from labkit.checks import tries
from labkit.checks.freshness import (
    StaleKernelError,
    demand_fresh_kernel,
    fingerprint,
    last_change_did_not_run,
)
from labkit.checks.registry import JUDGES
from labkit.checks.reply import R, Values
from labkit.checks.subject import AnswerError, NamespaceSubject, Subject
from labkit.checks.verdict import Verdict
from labkit.checks.wrong import Wrong
from labkit.course.syllabus import LOOKS, TODOS
from labkit.errors import CourseError

try:
    import labkit.checks.judges  # noqa: F401  # they register themselves
except ModuleNotFoundError as error:  # the grader's sandbox has none: the judges are on the other side
    if error.name != "labkit.checks.judges":  # a broken installation must not look like one
        raise

__all__ = [
    "JUDGES",
    "NamespaceSubject",
    "Points",
    "StaleKernelError",
    "UnknownTodoError",
    "Verdict",
    "check",
    "judge",
]


class UnknownTodoError(CourseError):
    """There is no check of this name."""


def judge(todo: str, subject: Subject, seed: int | None = None) -> Verdict:
    """Check the answer `todo` of a subject. Inputs are secret and fresh unless a test fixes the `seed`.

    Raises UnknownTodoError where no check has this name.
    """
    if not JUDGES:
        return Verdict(todo, 1.0, None, "the grader judges it, outside this sandbox")
    known = [name for name in (*TODOS, *LOOKS) if name in JUDGES]
    if todo not in known:
        raise UnknownTodoError(f"There is no check {todo!r}. The checks are: {', '.join(known)}.")
    listening = _Listening(subject)
    try:
        found = JUDGES[todo](listening, np.random.default_rng(seed))
    except Wrong as wrong:
        said = wrong.detail + listening.remark
        return Verdict(todo, 0.0, wrong.misconception, said, wrong.curve, wrong.explanation)
    except AnswerError as error:
        return Verdict(todo, 0.0, error.kind, str(error))
    score, detail = found if isinstance(found, tuple) else (1.0, found)
    return Verdict(todo, score, None, detail)


TOGETHER = (
    "It calls your earlier answer in a way that its docstring does not name, so both were judged together."
)


class _Listening:
    """A subject of which one remembers whether the student's own earlier answers had to help."""

    def __init__(self, subject: Subject):
        self._subject, self.remark = subject, ""

    @property
    def folder(self) -> Path:
        """See `Subject.folder`."""
        return self._subject.folder

    def call(self, probe: str, values: Values, reply: type[R], seconds: float = 10.0) -> R:
        """See `Subject.call`."""
        seen = self._subject.call(probe, values, reply, seconds)
        if seen.own_helper:
            self.remark = " " + TOGETHER
        return seen


STUCK = 3
"""So many failed checks of a TODO in a row, and a check tells of hints."""


class Points(float):
    """Points earned: a plain number to nbgrader, a phrase in a notebook."""

    most: float

    def __new__(cls, earned: float, most: float) -> "Points":
        points = super().__new__(cls, earned)
        points.most = most
        return points

    def _repr_html_(self) -> str:
        return f"{round(self, 2):g} of {self.most:g} points"


def check(todo: str, points: float = 1) -> Points:
    """Check your answer to a TODO, show the verdict, and return the points that it earns.

    Looks the answer up among the names of the notebook (or module) that calls it.

    Raises UnknownTodoError where no check has this name, StaleKernelError in a kernel that runs an older
    labkit than the one installed.
    """
    from IPython.display import display

    demand_fresh_kernel()
    namespace = sys._getframe(1).f_globals
    verdict = judge_notebook(todo, namespace)
    display(replace(verdict, code=fingerprint(todo, namespace.get("In", []))))
    if tries.keep(namespace.get(todo), verdict) >= STUCK and todo in TODOS:
        print(f'Stuck? hint("{todo}") helps, without giving the answer away.')
    return Points(points * verdict.score, points)


def judge_notebook(todo: str, namespace: dict[str, Any]) -> Verdict:
    """The verdict on what is now in a notebook's namespace; raises UnknownTodoError."""
    if todo in JUDGES and last_change_did_not_run(todo, namespace):
        return Verdict(todo, 0.0, "stale", "What would be judged is an older version of it.")
    return judge(todo, NamespaceSubject(namespace))

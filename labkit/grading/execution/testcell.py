"""Runs a test cell: the course's own code, in a namespace that holds none of a student's.

A kernel of its own would add nothing: what a test cell reads of a student's are the replies that
`SandboxSubject` hands to the judges, and the weights of a training that it handed in.
"""

import ast
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_output

from labkit.checks import Points, Verdict, judge
from labkit.checks.subject import Subject
from labkit.grading.isolation.session import error_output
from labkit.grading.memory import limit_memory

MOST_WORDS = 4000
"""Characters of a verdict, which may repeat what an answer claims of itself."""

MEMORY = 2 * 2**30
"""Bytes that a judge may take beyond what the process has."""


def run_test_cell(source: str, subject: Subject) -> list[NotebookNode]:
    """The outputs of a test cell: its verdicts, and last the points that nbgrader reads.

    An exception, in a hidden test for example, becomes the cell's error and scores 0.
    """
    outputs: list[NotebookNode] = []

    def check(todo: str, points: float = 1) -> Points:
        """As `labkit.checks.check`, about answers on the other side."""
        verdict = _judge(todo, subject)
        outputs.append(new_output("display_data", data=nbformat.from_dict(verdict._repr_mimebundle_())))
        return Points(points * verdict.score, points)

    try:
        with _memory_limit():
            _execute(source, check, outputs)
    except Exception as error:  # whatever a test is written to raise, or a judge made of what came back
        outputs.append(error_output(type(error).__name__, str(error)))
    return outputs


def _execute(source: str, check: Callable[..., Points], outputs: list[NotebookNode]) -> None:
    """As a notebook would: the value of a last expression is an output."""
    *statements, last = ast.parse(source).body
    namespace: dict[str, Any] = {"__name__": "__main__", "check": check}
    if not isinstance(last, ast.Expr):
        exec(compile(source, "<test cell>", "exec"), namespace)
        return
    exec(compile(ast.Module(statements, []), "<test cell>", "exec"), namespace)
    value = eval(compile(ast.Expression(last.value), "<test cell>", "eval"), namespace)
    outputs.append(new_output("execute_result", data={"text/plain": repr(value)}))


@contextmanager
def _memory_limit() -> Iterator[None]:
    """A judge broadcasts what came back against what it sent: shapes can be forged to fill the machine."""
    before = limit_memory(MEMORY)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def points_of(outputs: list[NotebookNode]) -> float:
    """What a test cell earned: the number that it ends with."""
    results = [output for output in outputs if output.output_type == "execute_result"]
    try:
        return float(results[-1].data["text/plain"])
    except (LookupError, TypeError, ValueError):
        return 0.0


def _judge(todo: str, subject: Subject) -> Verdict:
    """A verdict whatever the other side sends: shapes that no answer has must not look like a right one."""
    try:
        verdict = judge(todo, subject)
        return replace(verdict, detail=verdict.detail[:MOST_WORDS])
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        text = f"What came back from the answer cannot be judged ({type(error).__name__}: {error})."
        return Verdict(todo, 0.0, None, text)

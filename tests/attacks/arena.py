"""An arena: a submission's sandbox, in which an attack stands where an answer should."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from labkit.grading.execution.notebook_run import run_notebook
from labkit.grading.execution.testcell import points_of
from labkit.grading.isolation import Sandbox

ANSWERS = Path(__file__).parents[1] / "answers"
SECRET = "ZEBRA-7141"
"""Stands in files and variables that no submission may read"""

SETUP = """
import torch
from labkit.checks import check
from labkit.schedules import Schedule, extract
"""
SECONDS = 5.0


@dataclass(frozen=True)
class Outcome:
    """What an attack led to."""

    points: float
    """for q_sample, the answer that is attacked with; 4 at most"""
    others: float
    """for cosine_betas, a right answer before it in the same notebook; 3 at most"""
    outputs: list[NotebookNode]
    """of the attack's cell and of both checks"""

    @property
    def text(self) -> str:
        """All that came out."""
        return str(self.outputs)


class Arena:
    """Plays attacks on `q_sample`, each in a fresh shell."""

    def __init__(self, sandbox: Sandbox, outside: Path):
        self.sandbox, self.outside = sandbox, outside

    def play(self, attack: str) -> Outcome:
        """Run a notebook: a right answer, then the attack, then both checks."""
        right = sorted((ANSWERS / "cosine_betas" / "right").glob("*.py"))[0].read_text(encoding="utf-8")
        tests = {f"check_{todo}": f'check("{todo}", points={most})' for todo, most in POINTS.items()}
        cells = [
            _cell(SETUP, "setup", locked=True),
            _cell(right, "cosine_betas", solution=True),
            _cell(attack.replace("OUTSIDE", str(self.outside)), "q_sample", solution=True),
            *[_cell("check = 5.0", name, locked=True, grade=True, points=POINTS[name[6:]]) for name in tests],
        ]
        run_notebook(new_notebook(cells=cells), tests, self.sandbox, lambda cell: SECONDS, 120)
        attacked, *checks = (cell.outputs for cell in cells[2:])
        return Outcome(*map(points_of, checks), [*attacked, *checks[0], *checks[1]])

    def run(self, cells: list[NotebookNode], seconds: float = 120.0) -> dict[str, float]:
        """Run these cells below the set-up; the points of each TODO whose check is among them."""
        marks = [cell.metadata.get("nbgrader", {}).get("grade_id", "") for cell in cells]
        todos = [mark.removeprefix("check_") for mark in marks if mark.startswith("check_")]
        tests = {f"check_{todo}": f'check("{todo}", points={POINTS[todo]})' for todo in todos}
        notebook = new_notebook(cells=[_cell(SETUP, "setup", locked=True), *cells])
        run_notebook(notebook, tests, self.sandbox, lambda cell: SECONDS, seconds)
        outputs = dict(zip(marks, (cell.outputs for cell in cells), strict=True))
        return {todo: points_of(outputs[f"check_{todo}"]) for todo in todos}

    def play_after(self, earlier: str) -> float:
        """The points of a right cosine_betas, 3 at most, below a cell that brings earlier answers."""
        right = sorted((ANSWERS / "cosine_betas" / "right").glob("*.py"))[0].read_text(encoding="utf-8")
        cells = [
            _cell(SETUP, "setup", locked=True),
            _cell(earlier, "earlier_answers", locked=True),
            _cell(right, "cosine_betas", solution=True),
            _cell("", "check_cosine_betas", locked=True, grade=True, points=3),
        ]
        tests = {"check_cosine_betas": 'check("cosine_betas", points=3)'}
        run_notebook(new_notebook(cells=cells), tests, self.sandbox, lambda cell: SECONDS, 120)
        return points_of(cells[-1].outputs)


POINTS = {"q_sample": 4, "cosine_betas": 3}


def answer_cell(source: str, todo: str) -> NotebookNode:
    return _cell(source, todo, solution=True)


def check_cell(todo: str, points: int | None = None) -> NotebookNode:
    return _cell("", f"check_{todo}", locked=True, grade=True, points=points or POINTS[todo])


def _cell(source: str, grade_id: str, **settings: object) -> NotebookNode:
    """A cell with nbgrader's metadata."""
    mark = {"grade_id": grade_id, "schema_version": 3, "task": False}
    mark |= {"grade": False, "locked": False, "solution": False} | settings
    return new_code_cell(source, metadata={"nbgrader": mark})


@pytest.fixture(scope="module")
def arena(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    course = tmp_path_factory.mktemp("course")
    submission = course / "submitted" / "mallory" / "task1_swiss_roll"
    submission.mkdir(parents=True)
    (submission / "02_forward_process.ipynb").write_text("{}")
    _litter(submission)
    for name in ("gradebook.db", "solutions/answers.py", "submitted/ann/task1_swiss_roll/02.ipynb"):
        path = course / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SECRET)
    os.environ["LABKIT_SECRET"] = SECRET
    sandbox = Sandbox(submission)
    try:
        yield Arena(sandbox, course)
    finally:
        sandbox.close()
        del os.environ["LABKIT_SECRET"]


def _litter(submission: Path) -> None:
    """Files that a Python process may run or import without being asked."""
    boast = "open('/tmp/ran-litter', 'a').write(__name__)\n"
    for name in ("sitecustomize", "usercustomize", "conftest", "torch", "numpy", "safetensors", "IPython"):
        (submission / f"{name}.py").write_text(boast)
    (submission / "evil.pth").write_text(f"import sys; {boast}")
    for folder in ("labkit", "labkit/checks"):
        (submission / folder).mkdir()
        (submission / folder / "__init__.py").write_text(f"{boast}check = judge = lambda *a, **k: 5.0\n")
    startup = submission / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text(boast)

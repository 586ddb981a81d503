"""Pairs of answers that are more alike than answers to this TODO are: worth a look, and no more than that.

An answer is its fingerprints. Those count that are rare: the released stub and the course's own solution do
not have them, and no more than a few of the class do. So what everybody writes, and what a lesson leads to,
says nothing about anybody.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from labkit.errors import CourseError
from labkit.grading.course_folder import Course
from labkit.grading.similar.fingerprints import fingerprints

LEAST_SHARE = 0.6
"""Of the rare fingerprints of two answers: what both must have for the pair to be shown."""

LEAST_COMMON = 5
"""Rare fingerprints that two answers must have in common: fewer are chance."""


@dataclass(frozen=True)
class Alike:
    """Two answers to one TODO, in the order of the pair's students."""

    todo: str
    common: int
    """rare fingerprints that both have"""
    share: float
    """of all rare fingerprints that one of the two has, 0 … 1"""
    sources: tuple[str, str]
    lines: tuple[frozenset[int], frozenset[int]]
    """the lines, counted from 1, that hold what is common and rare"""


@dataclass(frozen=True)
class Pair:
    """Two students, and their answers that are alike, in the order of the course."""

    students: tuple[str, str]
    alike: list[Alike]

    @property
    def common(self) -> int:
        return sum(one.common for one in self.alike)

    def as_json(self) -> dict[str, Any]:
        """Plain values, without the sources."""
        todos = [{"todo": one.todo, "share": round(one.share, 3), "common": one.common} for one in self.alike]
        return {"students": list(self.students), "todos": todos}


def similar_in_class(course: Course, assignment: str) -> list[Pair]:
    """The pairs among the graded submissions; those who are alike in most TODOs come first.

    Raises CourseError where the assignment is unknown or was never released, or nothing is graded.
    """
    course.require_release(assignment)
    graded = course.step("autograded")
    submissions = {
        name: _answers((graded / name / assignment).glob("*.ipynb"))
        for name in course.students(assignment)
        if (graded / name / assignment).is_dir()
    }
    if not submissions:
        raise CourseError(f"Nothing is graded yet. Run `labkit grade {assignment}` first.")
    stubs = _answers((course.step("release") / assignment).glob("*.ipynb"))
    solutions = _answers((course.step("source") / assignment).glob("*.ipynb"))
    found: dict[tuple[str, str], list[Alike]] = {}
    for todo, stub in stubs.items():
        answers = {name: cells[todo] for name, cells in submissions.items() if todo in cells}
        for students, alike in compare(todo, answers, known=[stub, solutions.get(todo, "")]):
            found.setdefault(students, []).append(alike)
    pairs = [Pair(students, alike) for students, alike in found.items()]
    return sorted(pairs, key=lambda pair: (-len(pair.alike), -pair.common, pair.students))


def _lines(printed: dict[int, set[int]], common: set[int]) -> frozenset[int]:
    """Those on which what two have in common stands in one of them."""
    return frozenset(line for one in common for line in printed[one])


def compare(todo: str, answers: dict[str, str], known: Iterable[str]) -> list[tuple[tuple[str, str], Alike]]:
    """The pairs among a class's `answers` (student → source) to one TODO; what is in `known` is not rare."""
    printed = {name: prints for name in sorted(answers) if (prints := fingerprints(answers[name]))}
    owners = Counter(one for prints in printed.values() for one in prints)
    everybodys = {one for source in known for one in fingerprints(source)}
    few = _few(len(printed))
    rare = {
        name: {one for one in prints if owners[one] <= few and one not in everybodys}
        for name, prints in printed.items()
    }
    found = []
    for pair in combinations(printed, 2):
        first, second = (rare[name] for name in pair)
        common = first & second
        if len(common) >= LEAST_COMMON and len(common) >= LEAST_SHARE * len(first | second):
            lines = _lines(printed[pair[0]], common), _lines(printed[pair[1]], common)
            sources = answers[pair[0]], answers[pair[1]]
            found.append((pair, Alike(todo, len(common), len(common) / len(first | second), sources, lines)))
    return found


def _few(students: int) -> int:
    """A fingerprint of no more answers than this is rare: three, or a twentieth of a large class.

    Of a class of three or fewer nothing is rare.
    """
    return min(max(3, students // 20), students // 2)


def _answers(notebooks: Iterable[Path]) -> dict[str, str]:
    """TODO → the source of its cell, of notebooks that were repaired or that the course made."""
    found = {}
    for path in sorted(notebooks):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            mark = cell["metadata"].get("nbgrader", {})
            if cell["cell_type"] == "code" and mark.get("solution"):
                found[mark["grade_id"]] = "".join(cell["source"])
    return found

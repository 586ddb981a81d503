"""The lessons of a course folder, as recognise.py wants them."""

import json
from pathlib import Path

from labkit.grading.course import Course
from labkit.grading.intake.recognise import COURSE, Lessons


def lessons_of(course: Course) -> Lessons:
    """Of the released notebooks, where there are none of the solutions; else what labkit itself knows."""
    lessons: dict[str, dict[str, frozenset[str]]] = {name: dict(known) for name, known in COURSE.items()}
    for step in ("source", "release"):
        for path in sorted(course.step(step).glob("*/*.ipynb")):
            lessons.setdefault(path.parent.name, {})[path.stem] = _grade_ids(path)
    return lessons


def _grade_ids(path: Path) -> frozenset[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    marks = (cell["metadata"].get("nbgrader", {}) for cell in cells)
    return frozenset(mark["grade_id"] for mark in marks if "grade_id" in mark)

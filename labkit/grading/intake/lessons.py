"""The lessons of a course folder, as recognise.py wants them."""

from pathlib import Path

from labkit.grading.course_folder import Course
from labkit.grading.intake.recognise import COURSE, Lessons
from labkit.notebooks.reading import cells_in, mark_of


def lessons_of(course: Course) -> Lessons:
    """Of each assignment what was released, before that the solutions; else what labkit itself knows."""
    lessons = dict(COURSE)
    for step in ("source", "release"):
        for folder in course.step(step).glob("[!._]*/"):
            if known := {path.stem: _grade_ids(path) for path in folder.glob("*.ipynb")}:
                lessons[folder.name] = known
    return lessons


def _grade_ids(path: Path) -> frozenset[str]:
    try:
        return frozenset(mark["grade_id"] for cell in cells_in(path) if (mark := mark_of(cell)))
    except (OSError, ValueError):  # what is no notebook has a name at least
        return frozenset()

"""Notebooks under another name, as "Copy of …", put where nbgrader looks for them.

What is in submitted/ stays as it is: nbgrader is shown a copy.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Dict

from labkit.grading.course import Course
from labkit.grading.intake.lessons import lessons_of
from labkit.grading.intake.recognise import Choice, choose, recognise


class TellNames(NbGraderPreprocessor):
    """One of Autograde.sanitize_preprocessors, after RepairCells: adds remarks about names."""

    remarks = Dict(help="notebook → what is to be said of it, a sentence each").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        nb.metadata["labkit"]["remarks"] += self.remarks.get(resources["nbgrader"]["notebook"], [])
        return nb, resources


def choices_in(folder: Path, course: Course, assignment: str) -> list[Choice]:
    """The notebook that counts for each lesson of a submission."""
    lessons = lessons_of(course)
    notebooks = [recognise(path, lessons, assignment) for path in sorted(folder.glob("*.ipynb"))]
    return choose(one for one in notebooks if one.assignment == assignment)


@contextmanager
def in_their_places(
    course: Course, assignment: str, student: str, choices: list[Choice]
) -> Iterator[CourseDirectory]:
    """nbgrader's view of a submission, in which the notebooks that count have their lessons' names."""
    directory = course.directory(assignment, student)
    renamed = [choice.counts for choice in choices if not choice.counts.is_original]
    if not renamed:
        yield directory
        return
    # Below the course, on the disk where the submission lies; nbgrader reads its path as a pattern.
    view = Path("logs", assignment, ".renamed")
    place = course.root / view / student / assignment
    shutil.rmtree(place, ignore_errors=True)
    try:
        shutil.copytree(course.step("submitted") / student / assignment, place, copy_function=_link)
        for notebook in renamed:
            os.replace(place / notebook.name, place / f"{notebook.lesson}.ipynb")
        directory.submitted_directory = str(view)
        yield directory
    finally:
        shutil.rmtree(place.parent, ignore_errors=True)


def _link(source: str, target: str) -> None:
    """Runs are large: a second name for the file, where the disk has that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)

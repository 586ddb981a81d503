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
from labkit.grading.intake.recognise import Choice


class TellNames(NbGraderPreprocessor):
    """One of Autograde.sanitize_preprocessors, after RepairCells: adds remarks about names."""

    remarks = Dict(help="notebook → what is to be said of it, a sentence each").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        nb.metadata["labkit"]["remarks"] += self.remarks.get(resources["nbgrader"]["notebook"], [])
        return nb, resources


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
        _show(course.step("submitted") / student / assignment, place)
        for notebook in renamed:
            os.replace(place / notebook.name, place / f"{notebook.lesson}.ipynb")
        directory.submitted_directory = str(view)
        yield directory
    finally:
        shutil.rmtree(place.parent, ignore_errors=True)


def _show(folder: Path, place: Path) -> None:
    """A second name for each file, where the disk has that: runs are large."""
    for where, _, files in os.walk(folder):
        target = place / Path(where).relative_to(folder)
        target.mkdir(parents=True)
        for name in files:
            try:
                os.link(Path(where) / name, target / name)
            except OSError:
                shutil.copy2(Path(where) / name, target / name)

"""What nbgrader is shown of a submission: its files alone, and notebooks under their lessons' names.

What is in submitted/ stays as it is. nbgrader follows a link, and so would copy any file of the grader's into
the sandbox; and it looks for notebooks by their names, where students hand in "Copy of …".
"""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Dict

from labkit.course.hand_in import MAX_FILES
from labkit.grading.course_folder import Course
from labkit.grading.intake.recognise import Choice


class TellNames(NbGraderPreprocessor):
    """One of Autograde.sanitize_preprocessors, after RepairCells: adds remarks about names."""

    remarks = Dict(help="notebook → what is to be said of it, a sentence each").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        nb.metadata["labkit"]["remarks"] += self.remarks.get(resources["nbgrader"]["notebook"], [])
        return nb, resources


@contextmanager
def view_of(
    course: Course, assignment: str, student: str, choices: list[Choice]
) -> Iterator[tuple[CourseDirectory, list[str]]]:
    """nbgrader's view of a submission, in which the notebooks that count have their lessons' names.

    And the names of what was left behind: links, and what is no file. Raises OSError.
    """
    directory = course.directory(assignment, student)
    # Below the course, on the disk where the submission lies; nbgrader reads its path as a pattern.
    view = Path("logs", assignment, ".view")
    place = course.root / view / student / assignment
    shutil.rmtree(place, ignore_errors=True)
    try:
        left_behind = _show(course.step("submitted") / student / assignment, place)
        renamed = [choice.counts for choice in choices if not choice.counts.is_original]
        for notebook in renamed:  # first out of the way: two may have one another's names
            os.replace(place / notebook.name, place / f"{notebook.lesson}.ipynb.moving")
        for notebook in renamed:
            os.replace(place / f"{notebook.lesson}.ipynb.moving", place / f"{notebook.lesson}.ipynb")
        directory.submitted_directory = str(view)
        yield directory, left_behind
    finally:
        shutil.rmtree(place.parent, ignore_errors=True)


def _show(folder: Path, place: Path) -> list[str]:
    """A second name for each file, where the disk has that: runs are large. Returns what is no file."""
    left_behind, number = [], 0
    for where, folders, files in os.walk(folder, onerror=_raise):
        target = place / Path(where).relative_to(folder)
        target.mkdir(parents=True)
        number += len(files)
        if number > MAX_FILES:  # nbgrader takes minutes for each thousand
            raise OSError(f"there are more than {MAX_FILES} of them")
        for name in [*folders, *files]:
            path = Path(where) / name
            mode = path.lstat().st_mode
            if stat.S_ISDIR(mode):
                continue
            if not stat.S_ISREG(mode):
                left_behind.append(str(path.relative_to(folder)))
                continue
            try:
                os.link(path, target / name, follow_symlinks=False)
            except OSError:
                shutil.copy2(path, target / name, follow_symlinks=False)
    return left_behind


def _raise(error: OSError) -> None:
    raise error

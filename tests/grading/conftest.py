"""A small course of two lessons, quick to run: no torch in it, its check stands in its first cell."""

import shutil
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[2]
LESSONS = Path(__file__).parent / "lessons"
ASSIGNMENT = "arithmetic"


def marked(notebook, grade_id):
    """The cell of a notebook that bears this grade_id."""
    return next(
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )


def make_course(folder: Path) -> Path:
    """The small course, its solutions converted but not executed."""
    from labkit.grading.build import read_lesson

    solutions = folder / "solutions" / ASSIGNMENT
    solutions.mkdir(parents=True)
    for script in sorted(LESSONS.glob("*.py")):
        shutil.copy(script, solutions)
        nbformat.write(read_lesson(script), solutions / f"{script.stem}.ipynb")
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    # A later line wins: tests do not wait as long for an endless cell as a class does.
    settings += "\nc.Execute.timeout_func = lambda cell: 8\n"
    (folder / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    return folder


@pytest.fixture
def course_folder(tmp_path):
    return make_course(tmp_path / "course")


@pytest.fixture(scope="session")
def released_course(tmp_path_factory):
    """The course after a release; tests copy it and leave it as it is."""
    from labkit.grading.build import release
    from labkit.grading.course import Course

    folder = make_course(tmp_path_factory.mktemp("released") / "course")
    release(Course.open(folder), ASSIGNMENT)
    return folder


@pytest.fixture
def released_folder(released_course, tmp_path):
    return shutil.copytree(released_course, tmp_path / "released")


@pytest.fixture(scope="session")
def solved(released_course):
    """The notebooks of a student who has everything right: name → notebook."""
    from labkit.grading.build import read_lesson

    released = {
        path.stem: nbformat.read(path, as_version=4)
        for path in sorted((released_course / "notebooks" / ASSIGNMENT).glob("*.ipynb"))
    }
    for script in sorted(LESSONS.glob("*.py")):
        for cell in read_lesson(script).cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                marked(released[script.stem], cell.id).source = cell.source
    return released


@pytest.fixture
def answers(solved):
    """A copy of `solved` to spoil."""
    return deepcopy(solved)

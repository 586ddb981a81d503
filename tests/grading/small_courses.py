"""Small courses of two lessons: `arithmetic`, which is never graded, and `noising`, with real checks."""

import shutil
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
LESSONS = Path(__file__).parent / "lessons"


def marked(notebook, grade_id):
    """The cell of a notebook that bears this grade_id."""
    return next(
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )


def make_course(folder: Path, assignment: str) -> Path:
    """A small course, its solutions converted but not executed."""
    from labkit.grading.release.build import read_lesson

    solutions = folder / "solutions" / assignment
    solutions.mkdir(parents=True)
    for script in sorted((LESSONS / assignment).glob("*.py")):
        shutil.copy(script, solutions)
        nbformat.write(read_lesson(script), solutions / f"{script.stem}.ipynb")
    settings = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    # A later line wins: tests do not wait as long for an endless cell as a class does.
    settings += "\nc.Execute.timeout_func = lambda cell: 8\n"
    (folder / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    return folder


def make_released(folder: Path, assignment: str) -> Path:
    """A small course after a release."""
    from labkit.grading.course_folder import Course
    from labkit.grading.release.build import release

    release(Course.open(make_course(folder, assignment)), assignment)
    return folder


def solve(folder: Path, assignment: str) -> dict[str, nbformat.NotebookNode]:
    """The notebooks of a student who has everything right: name → notebook."""
    from labkit.grading.release.build import read_lesson

    released = {
        path.stem: nbformat.read(path, as_version=4)
        for path in sorted((folder / "notebooks" / assignment).glob("*.ipynb"))
    }
    for script in sorted((LESSONS / assignment).glob("*.py")):
        for cell in read_lesson(script).cells:
            if cell.metadata.get("nbgrader", {}).get("solution"):
                marked(released[script.stem], cell.id).source = cell.source
    return released

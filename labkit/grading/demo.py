"""The example class of `make demo`: eight students made from the solutions, graded like a real class."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from labkit.errors import CourseError
from labkit.grading.build import execute, release
from labkit.grading.course import CONFIG, Course
from labkit.grading.submissions import collect, submit

ASSIGNMENT = "task1_swiss_roll"

_MARK = ".example_class"
"""Only a folder with this file in it is ever emptied."""

_SNIPPETS = Path(__file__).parent / "example_class"
_TODOS = ("SimpleNet", "q_sample", "p_sample", "p_sample_loop", "compute_loss")
_LAST = "04_train_and_evaluate"


@dataclass(frozen=True)
class Student:
    """A student of the example class; `answers` are TODO → snippet in example_class/, else the solution's."""

    name: str
    story: str
    answers: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    blank: bool = False


CLASS = (
    # First in the alphabet, so that the others are graded while this one runs into its time limit.
    Student("abe", "has a cell that never ends", {"compute_loss": "endless_compute_loss"}),
    Student("ada", "has everything right"),
    Student(
        "ben", "has everything right, written differently", {todo: f"different_{todo}" for todo in _TODOS}
    ),
    Student("cleo", "handed in the notebooks as they were released", blank=True),
    Student("dan", "draws uniform noise in q_sample", {"q_sample": "uniform_noise_q_sample"}),
    Student("eve", "adds noise in the last step too", {"p_sample": "noisy_end_p_sample"}),
    Student("finn", "stops sampling before t = 0", {"p_sample_loop": "early_stop_p_sample_loop"}),
    Student("gil", "forgot to hand in the last notebook", without=(_LAST,)),
)


def make_class(course: Course, folder: Path, say: Callable[[str], None]) -> Course:
    """A course folder of its own with eight collected submissions, not yet graded.

    The solutions are trained once; a second call finds that run again. Raises CourseError where the course
    has no executed solutions or `folder` holds something else.
    """
    source = course.step("source") / ASSIGNMENT
    solutions = {path.stem: nbformat.read(path, as_version=4) for path in sorted(source.glob("*.ipynb"))}
    if _LAST not in solutions:
        raise CourseError(f"There are no notebooks in {source}. Run `make notebooks` first.")
    folder = folder.resolve()
    demo = _fresh_course(course, folder, source)
    say(f"releasing {ASSIGNMENT}")
    release(demo, ASSIGNMENT)
    run = _trained(solutions, folder / ".run", say)

    (folder / "zips").mkdir()
    with tempfile.TemporaryDirectory() as scratch:
        for student in CLASS:
            work = Path(scratch) / student.name / ASSIGNMENT
            shutil.copytree(demo.step("release") / ASSIGNMENT, work)
            if not student.blank:
                _solve(work, solutions, student)
                shutil.copytree(run, work / "results")
            for name in student.without:
                (work / f"{name}.ipynb").unlink()
            missing = submit(work, student.name, folder / "zips").missing
            say(
                f"{student.name} {student.story}"
                + (f" (labkit submit says: {' '.join(missing)})" if missing else "")
            )
    collect(ASSIGNMENT, folder / "zips", demo.step("submitted"))
    return demo


def _fresh_course(course: Course, folder: Path, source: Path) -> Course:
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).is_file():
        raise CourseError(
            f"{folder} holds something else than an example class. Choose another folder with --into."
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()
    for path in folder.iterdir():
        if path.name not in (".run", _MARK):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copy(course.root / CONFIG, folder)
    (folder / "solutions" / ASSIGNMENT).mkdir(parents=True)
    for path in source.glob("*.ipynb"):
        shutil.copy(path, folder / "solutions" / ASSIGNMENT)
    return Course.open(folder)


def _solve(work: Path, solutions: dict[str, NotebookNode], student: Student) -> None:
    """Fills the released notebooks in: every solution cell gets the student's or the solution's answer."""
    for name, solved in solutions.items():
        answers = {
            cell.metadata.nbgrader.grade_id: cell.source
            for cell in solved.cells
            if cell.metadata.get("nbgrader", {}).get("solution")
        }
        path = work / f"{name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            todo = cell.metadata.get("nbgrader", {}).get("grade_id")
            if todo in student.answers:
                cell.source = (_SNIPPETS / f"{student.answers[todo]}.py").read_text(encoding="utf-8").rstrip()
            elif todo in answers:
                cell.source = _as_a_student_writes(answers[todo])
        nbformat.write(notebook, path)


def _as_a_student_writes(source: str) -> str:
    """A solution cell without its markers, and without what is meant for the grader alone."""
    lines = [line for line in source.split("\n") if " SOLUTION" not in line]
    return "\n".join(lines).partition("**Rubric.**")[0].replace("**Model answer.** ", "").rstrip()


def _trained(solutions: dict[str, NotebookNode], cache: Path, say: Callable[[str], None]) -> Path:
    """results/ of the last lesson, with only those of its cells run that training needs."""
    key = hashlib.sha256("".join(nbformat.writes(one) for one in solutions.values()).encode()).hexdigest()[
        :16
    ]
    if (cache / key).is_dir():
        return cache / key
    say("training the solution once, about a minute")
    with tempfile.TemporaryDirectory(dir=cache.parent) as scratch:
        for name, notebook in solutions.items():
            nbformat.write(notebook, Path(scratch) / f"{name}.ipynb")
        lesson = solutions[_LAST].copy()
        needed = ("imports", "earlier_answers", "compute_loss", "data")
        lesson.cells = [
            cell
            for cell in lesson.cells
            if cell.metadata.get("nbgrader", {}).get("grade_id") in needed or "fit(" in cell.source
        ]
        execute(lesson, f"{_LAST}.ipynb", Path(scratch))
        shutil.rmtree(cache, ignore_errors=True)
        cache.mkdir()
        os.replace(Path(scratch) / "results", cache / key)
    return cache / key

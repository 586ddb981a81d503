"""The example class of `make demo`: eight students made from the solutions, graded like a real class."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from labkit.course.hand_in import submit
from labkit.course.syllabus import TASKS, TODOS
from labkit.errors import CourseError
from labkit.grading.course_folder import CONFIG, Course
from labkit.grading.intake.collect import collect
from labkit.grading.release.build import release

_MARK = ".example_class"
"""Only a folder with this file in it is ever emptied."""

_RUNS = ".run"
"""In it, the trained solutions, for the next time."""

_SNIPPETS = Path(__file__).parent / "example_class"
_LAST = ("04_train_and_evaluate", "08_sample_and_fid")

_LESS_TIME = """
# The example class shows what a cell without end costs in half the time.
c.Execute.timeout_func = lambda cell: seconds_for(cell) / 2
"""


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
    Student(
        "abe",
        "has cells that never end",
        {"compute_loss": "endless_compute_loss", "get_loss_mean": "endless_get_loss_mean"},
    ),
    Student("ada", "has everything right"),
    Student(
        "ben", "has everything right, written differently", {todo: f"different_{todo}" for todo in TODOS}
    ),
    Student("cleo", "handed in the notebooks as they were released", blank=True),
    Student(
        "dan",
        "draws uniform noise, and clips the cosine's betas too early",
        {"q_sample": "uniform_noise_q_sample", "cosine_betas": "early_clip_cosine_betas"},
    ),
    Student(
        "eve",
        "adds noise in the last step too",
        {"p_sample": "noisy_end_p_sample", "step_predict_noise": "noisy_end_step_predict_noise"},
    ),
    Student(
        "finn",
        "stops sampling before t = 0, and takes x0 for the target",
        {"p_sample_loop": "early_stop_p_sample_loop", "get_loss_noise": "x0_target_get_loss_noise"},
    ),
    Student("gil", "forgot to hand in the last notebooks", without=_LAST),
)


def make_class(
    course: Course, folder: Path, say: Callable[[str], None], assignments: Sequence[str] = tuple(TASKS)
) -> Course:
    """A course folder of its own with eight collected submissions to each assignment, not yet graded.

    Raises CourseError where the course has no executed solutions or `folder` holds something else.
    """
    demo = fresh_course(course, folder, assignments)
    for assignment in assignments:
        hand_in(demo, assignment, say)
    return demo


def fresh_course(course: Course, folder: Path, assignments: Sequence[str] = tuple(TASKS)) -> Course:
    """The course folder, with nothing in it but settings, solutions, and the runs of an earlier call.

    Raises CourseError where the course has no executed solutions or `folder` holds something else.
    """
    folder = folder.resolve()
    for assignment in assignments:
        if not list((course.step("source") / assignment).glob("*.ipynb")):
            raise CourseError(
                f"There are no notebooks in {course.step('source') / assignment}. Run `make notebooks` first."
            )
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).is_file():
        raise CourseError(
            f"{folder} holds something else than an example class. Choose another folder with --into."
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()
    for path in folder.iterdir():
        if path.name not in (_RUNS, _MARK):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    settings = (course.root / CONFIG).read_text(encoding="utf-8")
    (folder / CONFIG).write_text(settings + _LESS_TIME, encoding="utf-8")
    for assignment in assignments:
        (folder / "solutions" / assignment).mkdir(parents=True)
        for path in (course.step("source") / assignment).glob("*.ipynb"):
            shutil.copy(path, folder / "solutions" / assignment)
    return Course.open(folder)


def hand_in(demo: Course, assignment: str, say: Callable[[str], None]) -> None:
    """Releases an assignment, trains its solution, and makes, packs and collects everybody's submission.

    Task 2 is trained in the profile `smoke`: in seconds, so that its faces are bad.
    """
    solutions = {
        path.stem: nbformat.read(path, as_version=4)
        for path in sorted((demo.step("source") / assignment).glob("*.ipynb"))
    }
    say(f"{assignment}: making the students' notebooks")
    release(demo, assignment)
    run = _trained(assignment, solutions, demo.root / _RUNS, say)
    say(f"{assignment}: eight students hand in")
    zips = demo.root / "zips" / assignment
    zips.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor() as threads:

        def pack(student: Student) -> int:
            """The number of things that `labkit submit` misses."""
            work = Path(scratch) / student.name / assignment
            shutil.copytree(demo.step("release") / assignment, work)
            if not student.blank:
                _solve(work, solutions, student)
                shutil.copytree(run, work / "results")
            for name in student.without:
                (work / f"{name}.ipynb").unlink(missing_ok=True)
            return len(submit(work, student.name, zips).missing)

        for student, missing in zip(CLASS, threads.map(pack, CLASS), strict=True):
            things = f"{missing} thing{'s are' if missing > 1 else ' is'} missing"
            said = f" (labkit submit says: {things})" if missing else ""
            say(f"  {student.name} {student.story}{said}")
    collect(demo, assignment, zips)


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


def _trained(
    assignment: str, solutions: dict[str, NotebookNode], cache: Path, say: Callable[[str], None]
) -> Path:
    """results/ of the lesson that trains; a script of the cells that its runs need makes them.

    They are kept in `cache`, and found there by a second call.
    """
    text = "".join(nbformat.writes(one) for one in solutions.values())
    kept = cache / f"{assignment}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    if kept.is_dir():
        return kept
    (trains,) = (lesson for lesson in TASKS[assignment] if lesson.training)
    name = trains.name
    say(f"{assignment}: training its solution, about a minute")
    cache.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        for other, notebook in solutions.items():
            nbformat.write(notebook, Path(scratch) / f"{other}.ipynb")
        cells = [
            cell.source
            for cell in solutions[name].cells
            if cell.metadata.get("nbgrader", {}).get("grade_id") in trains.training
        ]
        script = Path(scratch) / f"{name}.py"
        script.write_text("\n\n".join(cells), encoding="utf-8")
        done = subprocess.run(  # its bars are seen, what it prints is not
            [sys.executable, script.name],
            cwd=scratch,
            env=os.environ | {"LABKIT_PROFILE": "smoke"},
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            raise CourseError(f"The solution of {name} could not be trained; the lines above say why.")
        for old in cache.glob(f"{assignment}-*"):
            shutil.rmtree(old)
        os.replace(Path(scratch) / "results", kept)
    return kept

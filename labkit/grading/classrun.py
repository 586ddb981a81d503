"""Grades a class: each submission in a process of its own, several at a time, none stopping another."""

import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from dask.distributed import Client, LocalCluster, as_completed
from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.utils import capture_log
from sqlalchemy.exc import SAWarning

from labkit.errors import CourseError
from labkit.grading.course import Course

# One thread each; and glibc keeps freed memory, which makes sampling on a CPU a third faster.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_TOP_PAD_": str(64 * 2**20),
}


@dataclass(frozen=True)
class Graded:
    """How the grading of one submission went; `log` is the file with all that nbgrader said."""

    student: str
    succeeded: bool
    log: Path


def grade_class(
    course: Course,
    assignment: str,
    student: str | None = None,
    workers: int | None = None,
    progress: Callable[[Graded, int], None] = lambda graded, of: None,
) -> list[Graded]:
    """Autogrades the submissions (or that of one student) and writes nbgrader's feedback pages.

    `workers` submissions at a time, by default one a core; `progress` is called after each with the number
    of all. Raises CourseError where the assignment is unknown or unreleased, nobody has submitted, or the
    folder cannot be written.
    """
    course.require_release(assignment)
    students = course.students(assignment, student)
    logs = course.root / "logs" / assignment
    try:
        logs.mkdir(parents=True, exist_ok=True)
    except PermissionError as error:
        raise CourseError(f"{logs} cannot be written: {error.strerror}. Check its permissions.") from None
    if not os.access(course.root, os.W_OK):
        raise CourseError(f"{course.root} cannot be written. Check its permissions.")
    graded = []
    with (
        LocalCluster(
            n_workers=min(workers or os.cpu_count() or 1, len(students)),
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
            env=_ENVIRONMENT,
            memory_limit=0,
            silence_logs="ERROR",
        ) as cluster,
        Client(cluster) as client,
    ):
        futures = {
            client.submit(grade_one, course.root, assignment, name, pure=False, retries=0): name
            for name in students
        }
        for future in as_completed(futures):
            name, log = futures[future], logs / f"{futures[future]}.log"
            if future.status == "error":
                log.write_text(f"the grading process failed: {future.exception()!r}\n", encoding="utf-8")
                graded.append(Graded(name, False, log))
            else:
                graded.append(future.result())
            progress(graded[-1], len(students))
    return sorted(graded, key=lambda one: one.student)


def grade_one(root: Path, assignment: str, student: str) -> Graded:
    """Autograde and feedback of one submission, through nbgrader; never raises for what is in it.

    nbgrader changes the working directory and the environment, and kernels write to this process's stdout
    and stderr, which go to the log meanwhile: so this wants a process of its own.
    """
    course = Course.open(root)
    _clear_auto_scores(course, assignment, student)
    warnings.simplefilter("ignore", SAWarning)  # nbgrader's own queries
    path = root / "logs" / assignment / f"{student}.log"
    succeeded = True
    with path.open("w", encoding="utf-8") as log, _output_to(log):
        for converter in (Autograde, GenerateFeedback):
            directory = course.directory(assignment, student)
            if converter is GenerateFeedback:
                directory.ignore = [*directory.ignore, "results"]
            app = converter(coursedir=directory, config=course.config)
            app.force = True
            outcome = capture_log(app)
            log.write(outcome.get("log", "") + outcome.get("error", ""))
            if not outcome["success"]:
                succeeded = False
                break
    return Graded(student, succeeded, path)


@contextmanager
def _output_to(log: TextIO) -> Iterator[None]:
    saved = os.dup(1), os.dup(2)
    try:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
        yield
    finally:
        for number, before in zip((1, 2), saved, strict=True):
            os.dup2(before, number)
            os.close(before)


def _clear_auto_scores(course: Course, assignment: str, student: str) -> None:
    """nbgrader keeps the scores of the last run where this one fails. What a person gave by hand stays."""
    with course.gradebook() as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score = None
        gradebook.db.commit()

"""Grades one submission through nbgrader, in a process of its own for each of the two steps."""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TextIO, TypeVar

from nbgrader.api import MissingEntry
from nbgrader.converters import Autograde, BaseConverter, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log
from tqdm import tqdm

from labkit.grading.by_hand import give_back
from labkit.grading.classrun.bounded import BoundError, bounded
from labkit.grading.classrun.entry import Entry, Score, read_entry
from labkit.grading.classrun.scratch import scratch
from labkit.grading.course_folder import Course
from labkit.grading.execution.execute import Execute, leave_sandbox
from labkit.grading.intake.lessons import lessons_of
from labkit.grading.intake.recognise import choices_in, named
from labkit.grading.intake.view import view_of
from labkit.grading.isolation.packages import needed_paths
from labkit.grading.late import renew_penalties

T = TypeVar("T")

_OF_THE_JUDGES = ("scipy.spatial", "scipy.stats", "sklearn.datasets")
"""What judges import where they first need it"""

_LINKS = "A link, or what else is no file, is not graded: {}."

_MORE_SECONDS = 300.0
"""What nbgrader may take beside a submission's own time, and for its feedback."""


@dataclass(frozen=True)
class Graded:
    """How the grading of one submission went; `log` is the file with all that nbgrader said."""

    student: str
    log: Path
    failure: str = ""
    """why it could not be graded, in a sentence"""
    seconds: float = 0.0
    fresh: bool = True
    """Whether this run graded it, or found it graded by an earlier one."""
    entry: Entry | None = None
    """what a worker found, until it is in the gradebook"""

    @property
    def succeeded(self) -> bool:
        return not self.failure


def grade_one(student: str, root: Path, assignment: str, snapshot: Path, isolation: str) -> Graded:
    """Autograde and feedback of one submission, through nbgrader; never raises for what is in it.

    The course's gradebook is not touched: nbgrader works on a copy of `snapshot`, and what it entered there
    is in the result. Points that were earned stay where only the feedback fails.
    """
    started, course, entry = time.monotonic(), Course.open(root), None
    _load_once(course)
    tqdm.get_lock()  # a semaphore of this process, which cleans it up: the forked ones leave without a word
    log = root / "logs" / assignment / f"{student}.log"
    log.write_text("", encoding="utf-8")
    with scratch(course, assignment) as folder:
        copy = Path(folder) / "gradebook.db"
        shutil.copyfile(snapshot, copy)
        course.config.CourseDirectory.db_url = f"sqlite:///{copy}"
        course.config.Execute.isolation = isolation
        seconds = Execute(config=course.config).submission_seconds + _MORE_SECONDS
        try:
            autograde = partial(_autograde, course, assignment, student, log)
            failure, entry = bounded(partial(_keeping_in, folder, autograde), seconds)
            feedback = partial(_feedback, course, assignment, student, log)
            if not failure and (why := bounded(partial(_keeping_in, folder, feedback), _MORE_SECONDS)):
                failure = f"Its points are in the gradebook, but it has no feedback: {why}"
        except BoundError as error:
            failure = str(error)
            with log.open("a", encoding="utf-8") as file:
                file.write(f"{failure}\n")
            if entry is None:
                shutil.rmtree(course.step("autograded") / student / assignment, ignore_errors=True)
    return Graded(student, log, failure, time.monotonic() - started, entry=entry)


def _load_once(course: Course) -> None:
    """Do here what each submission's process would do again."""
    app = Autograde(coursedir=course.directory(), config=course.config)
    steps = [*app.sanitize_preprocessors, *app.autograde_preprocessors]
    for name in (*(step.rpartition(".")[0] for step in steps if isinstance(step, str)), *_OF_THE_JUDGES):
        import_module(name)
    needed_paths()  # remembered for all sandboxes


def _keeping_in(folder: str, step: Callable[[], T]) -> T:
    """A step whose temporary files, its sandbox's too, lie in this folder; for a process of its own."""
    tempfile.tempdir = folder
    return step()


def _autograde(course: Course, assignment: str, student: str, log: Path) -> tuple[str, Entry | None]:
    """Why it failed, and what it entered."""
    submission = course.step("submitted") / student / assignment
    choices = choices_in(submission, lessons_of(course), assignment)
    try:
        with view_of(course, assignment, student, choices) as (directory, left_behind):
            links = [_LINKS.format(named(left_behind))] if left_behind else []
            remarks = {choice.counts.lesson: choice.remarks + links for choice in choices}
            course.config.TellNames.remarks = remarks
            failure = _run(Autograde, directory, course, log)
    except OSError as error:
        return f"Its files cannot be read: {error}.", None
    finally:
        leave_sandbox()
    if failure and not choices:
        failure = f"It holds no notebook of {assignment}."
    with course.gradebook() as gradebook, suppress(MissingEntry):
        if failure:
            entry = read_entry(gradebook, assignment, student)
            return failure, replace(entry, scores=dict.fromkeys(entry.scores, Score()))
        submission = gradebook.find_submission(assignment, student)
        give_back(gradebook, submission, course.step("autograded") / student / assignment)
        gradebook.db.commit()
        renew_penalties(course, assignment, student)
        return "", read_entry(gradebook, assignment, student)
    return failure, None


def _feedback(course: Course, assignment: str, student: str, log: Path) -> str:
    directory = course.directory(assignment, student)
    directory.ignore = [*directory.ignore, "results"]
    return _run(GenerateFeedback, directory, course, log)


def _run(converter: type[BaseConverter], directory: CourseDirectory, course: Course, log: Path) -> str:
    """Why a step of nbgrader failed; empty where it did not.

    It changes the working directory and the environment, and libraries write to this process's stdout and
    stderr, which go to the log meanwhile: so this wants a process of its own.
    """
    with log.open("a", encoding="utf-8") as file, _output_to(file):
        app = converter(coursedir=directory, config=course.config)
        app.force = True
        outcome = capture_log(app)
        said = outcome.get("log", "") + outcome.get("error", "")
        file.write(said)
    return "" if outcome["success"] else _reason(said)


def _reason(said: str) -> str:
    """The first exception in a log, else its last error, else that there is none."""
    exceptions = re.findall(r"^ *(?:\w+\.)*\w*(?:Error|Exception): (.+)$", said, flags=re.MULTILINE)
    errors = re.findall(r"^\[ERROR\] (.+)$", said, flags=re.MULTILINE)
    return (exceptions[:1] or errors[-1:] or ["nbgrader does not say why"])[0][:300]


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

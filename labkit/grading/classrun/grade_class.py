"""Grades a class: each submission in a process of its own, several at a time, none stopping another.

A worker grades against a copy of the gradebook and sends back what it found; this process alone enters it, a
submission in a transaction. What is finished is marked with a key of all that its points depend on, so that a
run which was stopped, however hard, goes on where it was, and a second run costs nothing.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import as_completed
from dataclasses import replace
from functools import partial
from pathlib import Path

from labkit.atomic import write_atomically
from labkit.errors import CourseError
from labkit.grading.classrun.entry import clear_scores, copy_gradebook, write_entry
from labkit.grading.classrun.resume import grading_key, is_graded, mark_of
from labkit.grading.classrun.scratch import clean
from labkit.grading.classrun.submission import Graded, grade_one
from labkit.grading.classrun.workers import Submit, processes
from labkit.grading.course_folder import Course
from labkit.grading.isolation import find_isolation
from labkit.lock import LockedError, locked

_LOCK = ".grading.lock"


def grade_class(
    course: Course,
    assignment: str,
    student: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    isolation: str | None = None,
    progress: Callable[[Graded, int], None] = lambda graded, of: None,
) -> list[Graded]:
    """Autogrades the submissions (or that of one student) and writes nbgrader's feedback pages.

    `workers` submissions at a time, by default one a core; or as many as the workers of the dask `scheduler`
    at this address, which see the course's folder under the same path and have its keys (`cluster`).
    `isolation` is a kind of sandbox, by default the best that works here; with UNSAFE every report says so.
    `progress` is called after each with the number of all.

    Raises IsolationError where there is no sandbox; CourseError where the assignment is unknown or was never
    released, nobody has submitted, the folder cannot be written, another process grades the assignment, or
    the scheduler is of no use.
    """
    isolation = isolation or find_isolation()
    course.require_release(assignment)
    students = course.students(assignment, student)
    logs = course.root / "logs" / assignment
    try:
        logs.mkdir(parents=True, exist_ok=True)
    except PermissionError as error:
        raise CourseError(f"{logs} cannot be written: {error.strerror}. Check its permissions.") from None
    for path in (course.root, course.root / "gradebook.db"):
        if path.exists() and not os.access(path, os.W_OK):
            raise CourseError(f"{path} cannot be written. Check its permissions.")
    try:
        with locked(logs / _LOCK):
            clean(course, assignment)
            return _grade_students(course, assignment, students, workers, scheduler, isolation, progress)
    except LockedError as error:
        raise CourseError(
            f"{assignment} is being graded already{error.holder and f' ({error.holder})'}. Wait until that "
            "has ended; if you stop it, the next run goes on where it was."
        ) from None


def _grade_students(
    course: Course,
    assignment: str,
    students: list[str],
    workers: int | None,
    scheduler: str | None,
    isolation: str,
    progress: Callable[[Graded, int], None],
) -> list[Graded]:
    graded, logs = [], course.root / "logs" / assignment

    def add(one: Graded) -> None:
        graded.append(one)
        progress(one, len(students))

    keys = {name: grading_key(course, assignment, name, isolation) for name in students}
    for name in students:
        if is_graded(course, assignment, name, keys[name]):
            add(Graded(name, logs / f"{name}.log", fresh=False))
    left = [name for name in students if name not in {one.student for one in graded}]
    if not left:
        return sorted(graded, key=lambda one: one.student)
    for name in left:
        mark_of(course, assignment, name).unlink(missing_ok=True)
    clear_scores(course, assignment, left)
    for name in left:
        for step in ("autograded", "feedback"):  # what is not reached must not look as if it was
            shutil.rmtree(course.step(step) / name / assignment, ignore_errors=True)
    if scheduler is None:
        place = processes(min(workers or os.cpu_count() or 1, len(left)))
    else:
        from labkit.grading.classrun.cluster import cluster

        place = cluster(course, scheduler)
    with place as submit:
        for one in _grade(submit, course, assignment, {name: keys[name] for name in left}, isolation):
            add(one)
    return sorted(graded, key=lambda one: one.student)


def _grade(
    submit: Submit, course: Course, assignment: str, keys: dict[str, str], isolation: str
) -> Iterator[Graded]:
    """Grade the students of `keys`; each is in the gradebook when it comes out."""
    logs = course.root / "logs" / assignment
    snapshot = logs / "gradebook.db"
    write_atomically(snapshot, partial(copy_gradebook, course))
    arguments = (course.root, assignment, snapshot, isolation)
    try:
        futures = {submit(grade_one, name, *arguments): name for name in keys}
        for future in as_completed(futures):
            name = futures[future]
            if (error := future.exception()) is not None:
                log, reason = logs / f"{name}.log", f"The grading process failed: {error}"
                log.write_text(f"{reason}\n", encoding="utf-8")
                yield Graded(name, log, reason)
            elif grading_key(course, assignment, name, isolation) != keys[name]:
                changed = f"The submission, the release or labkit changed while it was graded ({name})."
                yield Graded(name, logs / f"{name}.log", f"{changed} Grade it again.")
            else:
                yield _enter(course, assignment, future.result(), keys[name])
    finally:
        snapshot.unlink()


def _enter(course: Course, assignment: str, one: Graded, key: str) -> Graded:
    """Write what a worker found into the gradebook; once it is there, `key` marks it as finished."""
    if one.entry is None:
        return one
    write_entry(course, assignment, one.student, one.entry)
    if one.succeeded:
        mark = mark_of(course, assignment, one.student)
        write_atomically(mark, partial(Path.write_text, data=key, encoding="utf-8"))
    return replace(one, entry=None)

"""What grading found, as data: read from a worker's copy of the gradebook, entered into the course's."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy.orm import scoped_session, sessionmaker

from labkit.errors import CourseError
from labkit.grading.by_hand import forget, set_aside
from labkit.grading.course_folder import Course

_SQLITE = "sqlite:///"


class Score(NamedTuple):
    """Of a cell, as nbgrader's Grade has it."""

    auto_score: float | None = None
    needs_manual_grade: bool = False
    manual_score: float | None = None
    extra_credit: float | None = None


@dataclass(frozen=True)
class Entry:
    """A submission's rows in the gradebook. Their keys are (notebook, grade_id)."""

    timestamp: datetime | None
    scores: dict[tuple[str, str], Score]
    comments: dict[tuple[str, str], str | None]
    penalties: dict[str, float | None]
    """notebook → points for being late"""


def copy_gradebook(course: Course, target: Path) -> None:
    """A copy of the gradebook that is whole, whoever is writing into it; raises CourseError."""
    url = course.directory().db_url
    if not url.startswith(_SQLITE):
        raise CourseError(f"labkit grades into an SQLite gradebook; this course has {url.split('://')[0]}.")
    path = Path(url.removeprefix(_SQLITE)).absolute()
    try:
        with (
            closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)
    except sqlite3.Error as error:
        raise CourseError(f"The gradebook {path} cannot be read: {error}.") from None


def read_entry(gradebook: Gradebook, assignment: str, student: str) -> Entry:
    """What the gradebook says of a submission; raises nbgrader's MissingEntry."""
    submission = gradebook.find_submission(assignment, student)
    notebooks = submission.notebooks
    return Entry(
        submission.timestamp,
        {
            (n.name, g.name): Score(*(getattr(g, field) for field in Score._fields))
            for n in notebooks
            for g in n.grades
        },
        {(n.name, c.name): c.auto_comment for n in notebooks for c in n.comments},
        {n.name: n.late_submission_penalty for n in notebooks},
    )


def write_entry(course: Course, assignment: str, student: str, entry: Entry) -> None:
    """Enter it into the course's gradebook, all or nothing."""
    with course.gradebook() as gradebook, _one_transaction(gradebook):
        gradebook.update_or_create_student(student)
        submission = gradebook.update_or_create_submission(assignment, student)
        submission.timestamp = entry.timestamp
        for notebook in submission.notebooks:
            notebook.late_submission_penalty = entry.penalties[notebook.name]
            for grade in notebook.grades:
                for field, value in entry.scores[notebook.name, grade.name]._asdict().items():
                    setattr(grade, field, value)
                forget(gradebook, grade)
            for comment in notebook.comments:
                comment.auto_comment = entry.comments[notebook.name, comment.name]
        gradebook.db.flush()


def clear_scores(course: Course, assignment: str, students: list[str]) -> None:
    """Take back what an earlier version got: a submission whose grading fails must not keep it.

    Points given by hand are set aside, and come back with the answers that they were given for.
    """
    with course.gradebook() as gradebook, _one_transaction(gradebook):
        for student in students:
            try:
                submission = gradebook.find_submission(assignment, student)
            except MissingEntry:
                continue
            set_aside(gradebook, submission, course.step("autograded") / student / assignment)
            submission.timestamp = None
            for notebook in submission.notebooks:
                notebook.late_submission_penalty = None
                for grade in notebook.grades:
                    grade.auto_score = None
        gradebook.db.flush()


@contextmanager
def _one_transaction(gradebook: Gradebook) -> Iterator[None]:
    """nbgrader's methods commit one by one; inside here they commit together, at the end."""
    with gradebook.engine.begin() as connection:
        gradebook.db = scoped_session(
            sessionmaker(bind=connection, join_transaction_mode="rollback_only", future=True)
        )
        yield

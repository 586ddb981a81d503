"""The class as CSV."""

import csv
from itertools import chain
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry, Student

from labkit.atomic import write_atomically
from labkit.grading.course_folder import Course
from labkit.grading.execution.execute import WARNING
from labkit.grading.report.read import StudentReport

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula"""


def write_csv(course: Course, assignment: str, reports: list[StudentReport]) -> Path:
    """gradebook_<assignment>.csv: the columns of nbgrader's export, every cell's points, the named mistakes.

    A line for everybody on the roster. A text that a spreadsheet would run has an apostrophe before it.
    """
    by_name = {report.student: report for report in reports}
    with course.gradebook() as gradebook:
        rows = _exported(gradebook, assignment)
    for row in rows:
        if (report := by_name.get(str(row["student_id"]))) is None:
            continue
        row["seconds_late"] = f"{report.seconds_late:.0f}"
        row["by_hand"] = f"{report.pending:g}"
        for cell in report.cells:
            row[cell.grade_id] = "" if cell.points is None else f"{cell.points:g}"
        row["mistakes"] = "; ".join(
            f"{c.todo}: {' and '.join(c.mistakes)}" for c in report.cells if c.mistakes
        )
        said = [*([WARNING] if report.unsafe else ()), *chain.from_iterable(report.remarks.values())]
        row["remarks"] = " ".join(dict.fromkeys(said))
    columns = dict.fromkeys(key for row in rows for key in row)
    target = course.root / f"gradebook_{assignment}.csv"

    def write(part: Path) -> None:
        with part.open("w", newline="", encoding="utf-8") as lines:
            writer = csv.DictWriter(lines, list(columns))
            writer.writeheader()
            writer.writerows({key: _harmless(value) for key, value in row.items()} for row in rows)

    write_atomically(target, write)
    return target


def _on_the_roster(student: Student) -> tuple[str, str, str]:
    """By name; those without one by their ids, and not by who was graded first."""
    return student.last_name or "", student.first_name or "", student.id


def _exported(gradebook: Gradebook, assignment: str) -> list[dict[str, object]]:
    """What nbgrader's CsvExportPlugin writes, which knows no quotes."""
    found, rows = gradebook.find_assignment(assignment), []
    for student in sorted(gradebook.students, key=_on_the_roster):
        row: dict[str, object] = {
            "assignment": found.name,
            "duedate": found.duedate,
            "timestamp": None,
            "student_id": student.id,
            "last_name": student.last_name,
            "first_name": student.first_name,
            "email": student.email,
            "raw_score": 0.0,
            "late_submission_penalty": 0.0,
            "score": 0.0,
            "max_score": found.max_score,
        }
        try:
            submission = gradebook.find_submission(assignment, student.id)
        except MissingEntry:
            pass
        else:
            penalty = submission.late_submission_penalty
            row |= {
                "timestamp": submission.timestamp,
                "raw_score": submission.score,
                "late_submission_penalty": penalty,
                "score": max(0.0, submission.score - (penalty or 0.0)),
            }
        rows.append({key: "" if value is None else value for key, value in row.items()})
    return rows


def _harmless(value: object) -> object:
    if not isinstance(value, str) or not value.startswith(_FORMULA):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value

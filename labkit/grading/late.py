"""What being late costs: nbgrader's rule, by the points and the due date as they are now."""

import logging

from nbformat import v4
from nbgrader.preprocessors import AssignLatePenalties

from labkit.errors import CourseError
from labkit.grading.course_folder import Course

_QUIET = logging.Logger("late", logging.CRITICAL)
"""nbgrader warns of whoever is late: here the report says it."""

_UNITS = {"day": 86400, "hour": 3600, "minute": 60}


def renew_penalties(course: Course, assignment: str, student: str | None = None) -> None:
    """Let nbgrader assign its late penalties again: to everybody's submission, or to that of one student.

    It does so when it grades. Points that are given by hand, another due date and an extension come later.
    Raises CourseError where the assignment was never released, or the course's own rule raises.
    """
    course.require_release(assignment)
    names = {"assignment": assignment, "db_url": course.directory().db_url}
    with course.gradebook() as gradebook:
        late = [
            (submission.student.id, notebook.name)
            for submission in gradebook.assignment_submissions(assignment)
            if student in (None, submission.student.id)
            and (submission.total_seconds_late or submission.late_submission_penalty)
            for notebook in submission.notebooks
        ]
    for name, notebook in late:
        try:
            step = AssignLatePenalties(config=course.config, log=_QUIET)
            step.preprocess(v4.new_notebook(), {"nbgrader": {**names, "student": name, "notebook": notebook}})
        except Exception as error:  # a rule is the course's own Python
            raise CourseError(
                f"The course's rule for late submissions fails for {name}, {notebook}: "
                f"{type(error).__name__}: {error}. See AssignLatePenalties in nbgrader_config.py."
            ) from None


def in_words(seconds: float) -> str:
    """How late: "2 days 3 hours", the two largest units."""
    parts, left = [], int(seconds)
    for unit, size in _UNITS.items():
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}{'s' if count != 1 else ''}")
    return " ".join(parts[:2]) or "less than a minute"

"""A graded class as data.

Points, penalties and what is open come from nbgrader's gradebook, the named mistakes from the verdicts in the
autograded notebooks.
"""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, MissingEntry
from nbgrader.utils import is_grade, is_solution, is_task

from labkit.checks.verdict import MIME as VERDICT
from labkit.errors import CourseError
from labkit.grading.by_hand import find_set_aside
from labkit.grading.course_folder import Course
from labkit.grading.execution.execute import WARNING
from labkit.grading.late import in_words
from labkit.notebooks.cells import empty_todos


@dataclass(frozen=True)
class CellReport:
    """One graded cell. `status` is right, partly, wrong, error, time-out, empty, missing or pending.

    A pending cell waits for a person: its points are None until they are given, or what counts until then.
    """

    grade_id: str
    todo: str
    notebook: str
    points: float | None
    max_points: float
    status: str
    misconception: str | None = None
    message: str = ""
    by_hand: bool = False
    comment: str = ""
    """What an instructor wrote below the answer."""
    another_mistake: str | None = None
    """Where two slips in a formula were made at once"""

    @property
    def mistakes(self) -> list[str]:
        """All that are known by name."""
        return [name for name in (self.misconception, self.another_mistake) if name]


@dataclass(frozen=True)
class StudentReport:
    """All graded cells of a student in the order of the course, and what was mended in the notebooks."""

    student: str
    cells: list[CellReport]
    remarks: dict[str, list[str]] = field(default_factory=dict)
    graded: bool = True
    seconds_late: float = 0.0
    penalty: float = 0.0
    """Points that being late costs, by nbgrader's LateSubmissionPlugin."""
    unsafe: bool = False
    """Whether any of it was graded without a sandbox."""

    @property
    def raw_score(self) -> float:
        """What the cells add up to."""
        return sum(cell.points or 0.0 for cell in self.cells)

    @property
    def score(self) -> float:
        """The sum that counts, after the penalty; as nbgrader exports it."""
        return max(0.0, self.raw_score - self.penalty)

    @property
    def lateness(self) -> str:
        """How late it was handed in and what that costs, in words; empty where it was on time."""
        if not self.seconds_late:
            return ""
        penalty = f"penalty {self.penalty:g}" if self.penalty else "no penalty"
        return f"{in_words(self.seconds_late)} late, {penalty}"

    @property
    def pending(self) -> float:
        """The points that a person has yet to give or refuse."""
        return sum(cell.max_points for cell in self.cells if cell.status == "pending")

    @property
    def max_score(self) -> float:
        return sum(cell.max_points for cell in self.cells)

    def as_json(self) -> dict[str, Any]:
        """Plain values, as --json prints them."""
        sums = ("raw_score", "score", "pending", "max_score")
        return {**asdict(self), **{name: getattr(self, name) for name in sums}}


def read_class(course: Course, assignment: str, student: str | None = None) -> list[StudentReport]:
    """The graded submissions; raises CourseError where there are none, or the one asked for is unknown."""
    course.require_release(assignment)
    released = {
        path.stem: nbformat.read(path, as_version=4)
        for path in sorted((course.step("release") / assignment).glob("*.ipynb"))
    }
    with course.gradebook() as gradebook:
        graded = {submission.student.id for submission in gradebook.assignment_submissions(assignment)}
        wanted = [name for name in course.students(assignment, student) if name in graded]
        if not wanted:
            raise CourseError(f"Nothing is graded yet. Run `labkit grade {assignment}` first.")
        return [_read_student(course, gradebook, assignment, name, released) for name in wanted]


def _read_student(
    course: Course, gradebook: Gradebook, assignment: str, student: str, released: dict[str, NotebookNode]
) -> StudentReport:
    cells: list[CellReport] = []
    remarks: dict[str, list[str]] = {}
    unsafe = False
    folder = course.step("autograded") / student / assignment
    for name, lesson in released.items():
        path = folder / f"{name}.ipynb"
        notebook = nbformat.read(path, as_version=4) if path.is_file() else None
        noted = notebook.metadata.get("labkit", {}) if notebook is not None else {}
        said = list(noted.get("remarks", ()))
        # A class that was graded by an older version has it among the remarks.
        unsafe = unsafe or "unsafe" in noted or WARNING in said
        said = [remark for remark in said if remark != WARNING]
        for cell in lesson.cells:
            if not is_grade(cell) and not is_task(cell):
                continue
            grade = _find_grade(gradebook, cell.metadata.nbgrader.grade_id, name, assignment, student)
            report = _read_cell(cell, name, grade, notebook)
            comment = _find_comment(gradebook, report.todo, name, assignment, student)
            if grade is not None and (aside := find_set_aside(gradebook, grade)):
                comment = comment and f"(on an earlier version) {comment}"
                given = f"{aside.points:g} of {report.max_points:g} points"
                if report.status == "pending":
                    again = f"Open again: graded for an earlier version ({given}, which do not count)."
                    report = replace(report, message=again)
                else:
                    said.append(
                        f"{report.todo} had {given} by hand, for an answer that is not graded here: "
                        "they do not count."
                    )
            cells.append(replace(report, comment=comment))
        if said:
            remarks[name] = said
    submission = gradebook.find_submission(assignment, student)
    late, penalty = submission.total_seconds_late, submission.late_submission_penalty
    return StudentReport(student, cells, remarks, folder.is_dir(), late, penalty, unsafe)


def _find_grade(
    gradebook: Gradebook, grade_id: str, notebook: str, assignment: str, student: str
) -> Grade | None:
    try:
        return gradebook.find_grade(grade_id, notebook, assignment, student)
    except MissingEntry:
        return None


def _find_comment(gradebook: Gradebook, todo: str, notebook: str, assignment: str, student: str) -> str:
    """Comments belong to the cell of the answer; the points of a TODO belong to the check below it."""
    try:
        return gradebook.find_comment(todo, notebook, assignment, student).manual_comment or ""
    except MissingEntry:
        return ""


def _read_cell(
    released: NotebookNode, name: str, grade: Grade | None, notebook: NotebookNode | None
) -> CellReport:
    grade_id, max_points = released.metadata.nbgrader.grade_id, float(released.metadata.nbgrader.points)
    todo, by_hand = grade_id.removeprefix("check_"), is_solution(released) or released.cell_type != "code"
    earned = float(grade.score) if grade is not None else 0.0
    points: float | None = earned
    given = grade is not None and grade.manual_score is not None
    status, message = "right", ""
    mistakes: list[str] = []
    if notebook is None:
        status, message = "missing", f"{name} was not handed in, or could not be graded."
    elif given and grade is not None and grade.needs_manual_grade:
        status = "pending"
        message = "Open again: graded for an earlier version, whose points count until then."
    elif not by_hand:
        status, message, mistakes = _why(notebook, grade_id, todo)
        if given:
            status, mistakes = "right", mistakes if earned < max_points else []
            message = f"{message} The points were given by hand.".strip()
    elif grade is not None and not given and (grade.needs_manual_grade or grade.auto_score is None):
        status, points, message = "pending", None, "To be graded by hand."
    elif not given:
        status, message = "empty", "There is no answer."
    if status == "right" and earned < max_points:
        status = "partly" if earned else "wrong"
    first, second = (*mistakes, None, None)[:2]
    return CellReport(
        grade_id,
        todo,
        name,
        points,
        max_points,
        status,
        first,
        message,
        by_hand,
        another_mistake=second,
    )


def _why(notebook: NotebookNode, grade_id: str, todo: str) -> tuple[str, str, list[str]]:
    """Status, message and mistakes of a check cell, from its outputs and from its TODO's cell."""
    cells = {
        cell.metadata.get("nbgrader", {}).get("grade_id"): cell
        for cell in notebook.cells
        if cell.cell_type == "code"
    }
    if grade_id not in cells:
        return "missing", "This check was not there yet when it was graded.", []
    answer, check = cells.get(todo), cells[grade_id]
    verdict = next(
        (v for output in check.outputs if isinstance(v := output.get("data", {}).get(VERDICT), dict)), {}
    )
    message = str(verdict.get("message") or "")
    if verdict.get("passed") is True:
        return "right", message, []
    # A TODO's cell that is empty, raised or was stopped explains more than the check that found no answer.
    if answer is not None and todo in empty_todos(answer.source):
        return "empty", "The TODO is still empty.", []
    errors = {
        output.ename: output
        for output in [*check.outputs, *(answer.outputs if answer is not None else [])]
        if output.output_type == "error"
    }
    if "CellTimeoutError" in errors:
        return "time-out", "The cell ran too long and was stopped.", []
    if errors:
        output = list(errors.values())[-1]
        return "error", f"{output.ename}: {output.evalue}", []
    if verdict:
        named = verdict.get("mistakes") or [verdict.get("misconception")]
        mistakes = [name for name in named if isinstance(name, str)]
        return "partly" if verdict.get("score") else "wrong", message, mistakes
    return "right", "", []

"""What a graded class looks like: a table, a gradebook as CSV, and a page for each student.

Points come from nbgrader's gradebook, the named mistakes from the verdicts in the autograded notebooks.
"""

import csv
import tempfile
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import jinja2
import nbformat
from markupsafe import Markup
from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, MissingEntry
from nbgrader.plugins import CsvExportPlugin
from rich.console import Group
from rich.table import Table
from rich.text import Text

from labkit.answers import empty_todos
from labkit.atomic import write_atomically
from labkit.checks.verdict import MIME as VERDICT
from labkit.checks.verdict import as_html
from labkit.errors import CourseError
from labkit.grading.course import Course

_STYLE = {"right": "green", "partly": "yellow", "pending": "cyan", "empty": "dim", "missing": "dim"}


@dataclass(frozen=True)
class CellReport:
    """One graded cell. `status` is right, partly, wrong, error, time-out, empty, missing or pending.

    A pending cell waits for a person: its points are None, and not lost.
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


@dataclass(frozen=True)
class StudentReport:
    """All graded cells of a student in the order of the course, and what was mended in the notebooks."""

    student: str
    cells: list[CellReport]
    remarks: dict[str, list[str]] = field(default_factory=dict)
    graded: bool = True

    @property
    def score(self) -> float:
        return sum(cell.points or 0.0 for cell in self.cells)

    @property
    def pending(self) -> float:
        """The points that a person has yet to give or refuse."""
        return sum(cell.max_points for cell in self.cells if cell.points is None)

    @property
    def max_score(self) -> float:
        return sum(cell.max_points for cell in self.cells)

    def to_json(self) -> dict[str, Any]:
        """Plain values, as --json prints them."""
        sums = {"score": self.score, "pending": self.pending, "max_score": self.max_score}
        return {**asdict(self), **sums}


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


def table(reports: list[StudentReport], title: str) -> Group:
    """student × TODO with the points, and below it every mistake by its name; fits into 80 columns."""
    points = Table(title=title, box=None, padding=(0, 1, 0, 0))
    points.add_column("student", no_wrap=True)
    for cell in reports[0].cells:
        if not cell.by_hand:
            todo = cell.todo.replace("_", "_\n")
            points.add_column(f"{todo}\n/{cell.max_points:g}", justify="right")
    in_words = sum(cell.max_points for cell in reports[0].cells if cell.by_hand)
    points.add_column(f"by\nhand\n/{in_words:g}", justify="right")
    points.add_column(f"sum\n/{reports[0].max_score:g}", justify="right")
    mistakes = Table(title="\nwhat went wrong", box=None, padding=(0, 1, 0, 0))
    for name in ("student", "TODO", "mistake"):
        mistakes.add_column(name, overflow="fold")
    for report in reports:
        row, why = [Text(report.student)], {}
        for cell in report.cells:
            if not cell.by_hand:
                row.append(Text(f"{cell.points or 0:g}", style=_STYLE.get(cell.status, "red")))
                if cell.status != "right":
                    why.setdefault(cell.misconception or cell.status, []).append(cell.todo)
        given = sum(cell.points or 0 for cell in report.cells if cell.by_hand)
        row.append(Text(f"{report.pending:g} open" if report.pending else f"{given:g}", style="cyan"))
        points.add_row(*row, Text(f"{report.score:g}", style="bold"))
        for mistake, todos in why.items():
            mistakes.add_row(Text(report.student), Text(", ".join(todos)), Text(mistake))
    return Group(points, mistakes)


def write_csv(course: Course, assignment: str, reports: list[StudentReport]) -> Path:
    """gradebook_<assignment>.csv: nbgrader's own export, and every cell's points and the named mistakes."""
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "export.csv"
        with course.gradebook() as gradebook:
            CsvExportPlugin(to=str(plain), assignment=[assignment]).export(gradebook)
        with plain.open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
    by_name = {report.student: report for report in reports}
    for row in rows:
        if (report := by_name.get(row["student_id"])) is None:
            continue
        row["by_hand"] = f"{report.pending:g}"
        for cell in report.cells:
            row[cell.grade_id] = "" if cell.points is None else f"{cell.points:g}"
        row["mistakes"] = "; ".join(f"{c.todo}: {c.misconception}" for c in report.cells if c.misconception)
    columns = dict.fromkeys(key for row in rows for key in row)
    target = course.root / f"gradebook_{assignment}.csv"

    def write(part: Path) -> None:
        with part.open("w", newline="", encoding="utf-8") as lines:
            writer = csv.DictWriter(lines, list(columns))
            writer.writeheader()
            writer.writerows(rows)

    write_atomically(target, write)
    return target


def write_pages(course: Course, assignment: str, reports: list[StudentReport]) -> list[Path]:
    """feedback/<student>/<assignment>/index.html: one page that stands alone, linked to nbgrader's pages."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["with_code"] = lambda text: Markup(as_html(text))
    page = templates.get_template("feedback.html")
    written = []
    for report in reports:
        folder = course.step("feedback") / report.student / assignment
        folder.mkdir(parents=True, exist_ok=True)
        notebooks: dict[str, list[CellReport]] = {}
        for cell in report.cells:
            notebooks.setdefault(cell.notebook, []).append(cell)
        links = {name for name in notebooks if (folder / f"{name}.html").is_file()}
        html = page.render(report=report, assignment=assignment, notebooks=notebooks, links=links)
        write_atomically(folder / "index.html", partial(Path.write_text, data=html, encoding="utf-8"))
        written.append(folder / "index.html")
    return written


def _read_student(
    course: Course, gradebook: Gradebook, assignment: str, student: str, released: dict[str, NotebookNode]
) -> StudentReport:
    cells: list[CellReport] = []
    remarks: dict[str, list[str]] = {}
    folder = course.step("autograded") / student / assignment
    for name, lesson in released.items():
        path = folder / f"{name}.ipynb"
        notebook = nbformat.read(path, as_version=4) if path.is_file() else None
        if notebook is not None and (mended := notebook.metadata.get("labkit", {}).get("remarks")):
            remarks[name] = list(mended)
        for cell in lesson.cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                grade = _find_grade(gradebook, cell.metadata.nbgrader.grade_id, name, assignment, student)
                cells.append(_read_cell(cell, name, grade, notebook))
    return StudentReport(student, cells, remarks, graded=folder.is_dir())


def _find_grade(
    gradebook: Gradebook, grade_id: str, notebook: str, assignment: str, student: str
) -> Grade | None:
    try:
        return gradebook.find_grade(grade_id, notebook, assignment, student)
    except MissingEntry:
        return None


def _read_cell(
    released: NotebookNode, name: str, grade: Grade | None, notebook: NotebookNode | None
) -> CellReport:
    grade_id, max_points = released.metadata.nbgrader.grade_id, float(released.metadata.nbgrader.points)
    todo, by_hand = grade_id.removeprefix("check_"), released.cell_type == "markdown"
    points: float | None = float(grade.score) if grade is not None else 0.0
    status, misconception, message = "right", None, ""
    if notebook is None:
        status, message = "missing", f"{name} was not handed in, or could not be graded."
    elif not by_hand:
        status, misconception, message = _why(notebook, grade_id, todo)
    elif grade is not None and grade.manual_score is None:
        if grade.auto_score is None:
            points, status, message = None, "pending", "To be graded by hand."
        else:
            status, message = "empty", "There is no answer."
    if status == "right" and points < max_points:
        status = "partly" if points else "wrong"
    return CellReport(grade_id, todo, name, points, max_points, status, misconception, message, by_hand)


def _why(notebook: NotebookNode, grade_id: str, todo: str) -> tuple[str, str | None, str]:
    """Status, misconception and message of a check cell, from its outputs and from its TODO's cell."""
    cells = {
        cell.metadata.get("nbgrader", {}).get("grade_id"): cell
        for cell in notebook.cells
        if cell.cell_type == "code"
    }
    answer, check = cells.get(todo), cells[grade_id]
    verdict = next(
        (v for output in check.outputs if isinstance(v := output.get("data", {}).get(VERDICT), dict)), {}
    )
    message = str(verdict.get("message") or "")
    if verdict.get("passed") is True:
        return "right", None, message
    # A TODO's cell that is empty, raised or was stopped explains more than the check that found no answer.
    if answer is not None and todo in empty_todos(answer.source):
        return "empty", None, "The TODO is still empty."
    errors = {
        output.ename: output
        for output in [*check.outputs, *(answer.outputs if answer is not None else [])]
        if output.output_type == "error"
    }
    if "CellTimeoutError" in errors:
        return "time-out", None, "The cell ran too long and was stopped."
    if errors:
        output = list(errors.values())[-1]
        return "error", None, f"{output.ename}: {output.evalue}"
    if verdict:
        name = verdict.get("misconception")
        return "partly" if verdict.get("score") else "wrong", name if isinstance(name, str) else None, message
    return "right", None, ""

"""A page for each student."""

from pathlib import Path

from labkit.grading.course_folder import Course
from labkit.grading.execution.execute import WARNING
from labkit.grading.report.read import CellReport, StudentReport
from labkit.grading.report.template import write_page


def write_pages(course: Course, assignment: str, reports: list[StudentReport]) -> list[Path]:
    """feedback/<student>/<assignment>/index.html: one page that stands alone, linked to nbgrader's pages."""
    written = []
    for report in reports:
        page = feedback_page(course, assignment, report.student)
        notebooks: dict[str, list[CellReport]] = {}
        for cell in report.cells:
            notebooks.setdefault(cell.notebook, []).append(cell)
        links = {name for name in notebooks if page.with_name(f"{name}.html").is_file()}
        write_page(
            "feedback.html",
            page,
            report=report,
            assignment=assignment,
            notebooks=notebooks,
            links=links,
            warning=WARNING if report.unsafe else "",
        )
        written.append(page)
    return written


def feedback_page(course: Course, assignment: str, student: str) -> Path:
    """Where a student's page is written."""
    return course.step("feedback") / student / assignment / "index.html"

"""The class as CSV."""

import csv
import tempfile
from pathlib import Path

from nbgrader.plugins import CsvExportPlugin

from labkit.atomic import write_atomically
from labkit.grading.course import Course
from labkit.grading.report.read import StudentReport


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
        row["seconds_late"] = f"{report.seconds_late:.0f}"
        row["by_hand"] = f"{report.pending:g}"
        for cell in report.cells:
            row[cell.grade_id] = "" if cell.points is None else f"{cell.points:g}"
        row["mistakes"] = "; ".join(f"{c.todo}: {c.misconception}" for c in report.cells if c.misconception)
        row["remarks"] = " ".join(dict.fromkeys(r for remarks in report.remarks.values() for r in remarks))
    columns = dict.fromkeys(key for row in rows for key in row)
    target = course.root / f"gradebook_{assignment}.csv"

    def write(part: Path) -> None:
        with part.open("w", newline="", encoding="utf-8") as lines:
            writer = csv.DictWriter(lines, list(columns))
            writer.writeheader()
            writer.writerows(rows)

    write_atomically(target, write)
    return target

"""One page of the class, for who teaches it: who stands where, which ideas went wrong, what to look at."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from nbconvert.filters import markdown2html

from labkit.checks.misconceptions import CHAPTERS, MISCONCEPTIONS
from labkit.grading.course_folder import Course
from labkit.grading.execution.execute import WARNING
from labkit.grading.report.feedback import feedback_page
from labkit.grading.report.read import CellReport, StudentReport
from labkit.grading.report.template import write_page
from labkit.grading.similar.pairs import Pair

STUCK = ("wrong", "partly", "error", "time-out", "empty", "missing")
"""Of a check that did not give all of its points, in the order in which the page tells them"""

BANDS = 10
"""Bars of the distribution"""

MOST_PAIRS = 50
"""Whose answers are shown side by side; `labkit similar` names all."""


@dataclass(frozen=True)
class Todo:
    """How the class did on one check."""

    name: str
    notebook: str
    max_points: float
    mean: float
    right: int
    stuck: dict[str, list[str]]
    """status → who"""


@dataclass(frozen=True)
class Mistake:
    """A named mistake, who made it, and in which TODOs."""

    name: str
    students: list[str]
    todos: list[str]


@dataclass(frozen=True)
class Band:
    """How many students have so many points: at least `low`, less than `high` (the last band holds it)."""

    low: float
    high: float
    students: int


def write_class_page(
    course: Course, assignment: str, reports: list[StudentReport], pairs: list[Pair]
) -> Path:
    """report_<assignment>.html: the whole class, and `pairs` of answers that are alike.

    Means, bars and mistakes are those of the submissions that could be graded.
    """
    target = course.root / f"report_{assignment}.html"
    submitted = course.students(assignment)
    graded = [report for report in reports if report.graded]
    scores = [report.score for report in graded]
    mistakes = find_mistakes(graded)
    write_page(
        "class_page.html",
        target,
        assignment=assignment,
        reports=reports,
        ungraded=[name for name in submitted if name not in {report.student for report in graded}],
        scores={"mean": mean(scores), "median": median(scores)} if scores else {},
        open_points=sum(report.pending for report in graded),
        bands=score_bands(graded),
        todos=find_todos(graded),
        mistakes=mistakes,
        catalogue=MISCONCEPTIONS,
        chapters=_chapters({mistake.name for mistake in mistakes}),
        time_outs=[(one.student, cell) for one in graded for cell in one.cells if cell.status == "time-out"],
        warning=WARNING if any(one.unsafe for one in reports) else "",
        remarks=_remarks(reports),
        pairs=pairs[:MOST_PAIRS],
        more_pairs=len(pairs[MOST_PAIRS:]),
        pages=_links(course, {name: feedback_page(course, assignment, name) for name in submitted}),
        logs=_links(course, {name: course.root / "logs" / assignment / f"{name}.log" for name in submitted}),
    )
    return target


def score_bands(reports: Sequence[StudentReport]) -> list[Band]:
    """The distribution of the scores, in BANDS bands of equal width up to the most that can be reached."""
    if not reports or not (most := reports[0].max_score):
        return []
    places = [min(int(BANDS * max(one.score, 0) / most), BANDS - 1) for one in reports]
    edges = [most * band / BANDS for band in range(BANDS + 1)]
    return [Band(edges[band], edges[band + 1], places.count(band)) for band in range(BANDS)]


def find_todos(reports: Sequence[StudentReport]) -> list[Todo]:
    """Every check in the order of the course."""
    found = []
    checks = zip(*([cell for cell in one.cells if not cell.by_hand] for one in reports), strict=True)
    for cells in checks:
        stuck: dict[str, list[str]] = {status: [] for status in STUCK}
        for report, cell in zip(reports, cells, strict=True):
            if cell.status in stuck:
                stuck[cell.status].append(report.student)
        right = sum(cell.status == "right" for cell in cells)
        average = mean(cell.points or 0 for cell in cells)
        first: CellReport = cells[0]
        found.append(Todo(first.todo, first.notebook, first.max_points, average, right, stuck))
    return found


def find_mistakes(reports: Sequence[StudentReport]) -> list[Mistake]:
    """Every named mistake, those of most students first."""
    found: dict[str, Mistake] = {}
    for report in reports:
        for cell in report.cells:
            for name in cell.mistakes:
                mistake = found.setdefault(name, Mistake(name, [], []))
                for found_in, one in ((mistake.students, report.student), (mistake.todos, cell.todo)):
                    if one not in found_in:
                        found_in.append(one)
    return sorted(found.values(), key=lambda one: (-len(one.students), one.name))


def _chapters(names: set[str]) -> list[dict[str, Any]]:
    """The catalogue's chapters, with those of their mistakes that the class made."""
    found = []
    for chapter in CHAPTERS:
        if made := {name: text for name, text in chapter.mistakes.items() if name in names}:
            why = Markup(markdown2html(chapter.why))  # the catalogue's own words
            found.append({"title": chapter.title, "why": why, "mistakes": made})
    return found


def _remarks(reports: Sequence[StudentReport]) -> dict[str, list[tuple[str, str]]]:
    """student → (notebook, remark)"""
    found = {
        report.student: [(name, one) for name, said in report.remarks.items() for one in said]
        for report in reports
    }
    return {student: remarks for student, remarks in found.items() if remarks}


def _links(course: Course, targets: dict[str, Path]) -> dict[str, str]:
    """name → the link from the course's folder, of those files that are there."""
    return {
        name: quote(Path(os.path.relpath(path, course.root)).as_posix(), errors="surrogateescape")
        for name, path in targets.items()
        if path.is_file()
    }

"""Points by hand and penalties: what the table, the CSV, --json and both pages say is the same, and true.

One small class hands in up to three times, is graded each time, and gets points by hand in between.
"""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from rich.console import Console
from small_courses import marked
from test_class_page import Page
from test_classrun import ASSIGNMENT, hand_in
from typer.testing import CliRunner

from labkit.cli import app
from labkit.errors import CourseError
from labkit.grading import report
from labkit.grading.classrun.grade_class import grade_class
from labkit.grading.course_folder import Course
from labkit.grading.late import in_words, renew_penalties

FORWARD, SCHEDULES = "02_forward_process", "05_noise_schedules"
WORDS, CHECK = "explain_q_sample", "check_q_sample"
DUE = datetime(2026, 11, 25, 12)
LATE = "2026-11-26 13:00:00 UTC"
RULE = """
from nbgrader.plugins import LateSubmissionPlugin

class Rule(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return {rule}

c.AssignLatePenalties.plugin_class = Rule
"""


def changed(notebooks, grade_id, source):
    new = deepcopy(notebooks)
    marked(new[FORWARD], grade_id).source = source
    return new


def calling(notebooks, helper):
    """The answer to q_sample calls what a cell of the student's own defines."""
    q_sample = marked(notebooks[FORWARD], "q_sample").source
    new = changed(notebooks, "q_sample", q_sample.replace("alphas_cumprod", "alphas_cumprod * half()"))
    new[FORWARD].cells.insert(1, new_code_cell(f"def half():\n    return {helper}"))
    return new


@pytest.fixture(scope="module")
def versions(noising, noising_solved):
    """student → what is handed in: first, second, and for some a third time."""
    both, right = noising_solved, {FORWARD: noising_solved[FORWARD]}
    q_sample = marked(right[FORWARD], "q_sample").source
    wrong = changed(right, "q_sample", q_sample.replace("alphas_cumprod", "alphas"))
    released = json.loads((noising / "notebooks" / ASSIGNMENT / f"{FORWARD}.ipynb").read_text())
    stub = next(cell for cell in released["cells"] if cell["id"] == WORDS)["source"]
    return {
        "late": [both, {**both, **wrong}],
        "emptied": [right, changed(right, WORDS, "".join(stub))],
        "without": [both, {SCHEDULES: both[SCHEDULES]}],
        "overruled": [wrong, right],
        "returns": [wrong, changed(wrong, WORDS, "Something quite different."), wrong],
        "fails": [right, {"other": "{}"}, right],
        "mends": [calling(right, "0.5"), calling(right, "1.0"), calling(right, "0.5")],
    }


def grade_round(course, versions, number):
    for student, handed_in in versions.items():
        if number < len(handed_in):
            work = course.step("submitted") / student / ASSIGNMENT
            shutil.rmtree(work, ignore_errors=True)
            hand_in(course.root, student, handed_in[number])
            (work / "timestamp.txt").write_text(LATE if student == "late" else "2026-11-20 10:00:00 UTC")
    grade_class(course, ASSIGNMENT)


def give(course, student, grade_id, points, extra=None):
    """As formgrader enters it."""
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade(grade_id, FORWARD, ASSIGNMENT, student)
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, extra, False
        gradebook.db.commit()


def set_rule(course, rule):
    settings = course.root / "nbgrader_config.py"
    settings.write_text(settings.read_text(encoding="utf-8") + RULE.format(rule=rule), encoding="utf-8")
    return Course.open(course.root)


@pytest.fixture(scope="module")
def rounds(noising, versions, tmp_path_factory):
    """The course after each of the three rounds."""
    course = Course.open(shutil.copytree(noising, tmp_path_factory.mktemp("points") / "course"))
    course = set_rule(course, "2")
    with course.gradebook() as gradebook:
        gradebook.find_assignment(ASSIGNMENT).duedate = DUE
        gradebook.db.commit()
    kept = []
    for number in range(3):
        grade_round(course, versions, number)
        if number == 0:
            for student in versions:
                give(course, student, WORDS, 1.5, 0.25)
            give(course, "overruled", CHECK, 1.0)
            give(course, "returns", CHECK, 4.0)
            give(course, "mends", CHECK, 1.0)
            with course.gradebook() as gradebook:
                for student in versions:
                    gradebook.find_comment(WORDS, FORWARD, ASSIGNMENT, student).manual_comment = "Clear."
                gradebook.db.commit()
        kept.append(Course.open(shutil.copytree(course.root, course.root.parent / f"round-{number}")))
    return kept


def shown(course, student):
    """(sum, open, penalty) as each of the five places says it, all the same; and the report itself."""
    renew_penalties(course, ASSIGNMENT)
    everybody = report.read_class(course, ASSIGNMENT)
    one = next(found for found in everybody if found.student == student)
    places = {"json": (one.as_json()["score"], one.as_json()["pending"], one.as_json()["penalty"])}

    with report.write_csv(course, ASSIGNMENT, everybody).open(newline="", encoding="utf-8") as lines:
        row = next(row for row in csv.DictReader(lines) if row["student_id"] == student)
    places["csv"] = (float(row["score"]), float(row["by_hand"]), float(row["late_submission_penalty"]))
    assert float(row["raw_score"]) == one.raw_score
    assert float(row["seconds_late"]) == one.seconds_late

    console = Console(width=80, record=True, file=io.StringIO())
    console.print(report.table([one], ASSIGNMENT))
    text = console.export_text()
    line = next(line for line in text.splitlines() if line.startswith(student))
    places["table"] = (
        float(line.split()[-1]),
        first(r"([\d.]+) open", text),
        first(r"penalty ([\d.]+)", text),
    )

    (page,) = report.write_pages(course, ASSIGNMENT, [one])
    text = " ".join("".join(Page(page).text.values()).split())
    places["feedback"] = (
        first(rf"{student} ([\d.]+) /", text),
        first(r"([\d.]+) more points? (?:is|are) still", text),
        first(r"penalty ([\d.]+)", text),
    )

    page = Page(report.write_class_page(course, ASSIGNMENT, everybody, []))
    row = re.search(rf'<th scope="row"><a[^>]*>{student}</a>.*?</tr>', page.html, re.S)[0]
    places["class"] = (
        first(r"<strong>([\d.]+)</strong>", row),
        first(r"([\d.]+) open", row),
        first(r"penalty ([\d.]+)", row),
    )
    assert len(set(places.values())) == 1, places
    for place in (page.text["scores"], text):
        assert one.lateness in place
    assert ("penalty" in text) == bool(one.seconds_late)
    return places["json"], one


def first(pattern, text):
    return float(found[1]) if (found := re.search(pattern, text)) else 0.0


@pytest.mark.parametrize(
    ("number", "student", "points", "is_open", "penalty"),
    [
        (0, "late", 4.75, 0, 2 + 2),  # 4 and 3 from checks, 1.5 and 0.25 by hand
        (0, "without", 8.75, 0, 0),
        (0, "overruled", 2.75, 0, 0),
        (0, "returns", 5.75, 0, 0),
        (1, "late", 1, 0, 1.75 + 2),  # no more than there is in a notebook
        (1, "emptied", 4, 0, 0),
        (1, "without", 3, 0, 0),
        (1, "overruled", 5.75, 0, 0),
        (1, "returns", 4, 2, 0),
        (1, "fails", 0, 0, 0),
        (2, "returns", 5.75, 0, 0),
        (2, "fails", 5.75, 0, 0),
        (0, "mends", 2.75, 0, 0),
        (1, "mends", 2.75, 4, 0),  # the check earns 4 now, and a person says whether 1 still stands
    ],
)
def test_all_five_say_the_same(number, student, points, is_open, penalty, rounds):
    assert shown(rounds[number], student)[0] == (points, is_open, penalty)


@pytest.mark.parametrize("number", range(3))
def test_what_is_open_is_what_formgrader_says(number, rounds):
    course = rounds[number]
    with course.gradebook() as gradebook:
        for one in report.read_class(course, ASSIGNMENT):
            for cell in one.cells:
                grade = gradebook.find_grade(cell.grade_id, cell.notebook, ASSIGNMENT, one.student)
                assert grade.needs_manual_grade == (cell.status == "pending"), (one.student, cell)
                assert grade.score == (cell.points or 0)


@pytest.mark.parametrize(
    ("number", "student", "grade_id", "status", "message", "remark"),
    [
        (0, "overruled", CHECK, "partly", "The points were given by hand.", ""),
        (0, "returns", CHECK, "right", "The points were given by hand.", ""),
        (1, "late", WORDS, "partly", "", ""),
        (1, "emptied", WORDS, "empty", "There is no answer.", f"{WORDS} had 1.75 of 2 points by hand"),
        (1, "without", WORDS, "missing", "was not handed in", f"{WORDS} had 1.75 of 2 points by hand"),
        (1, "overruled", CHECK, "right", "", "q_sample had 1 of 4 points by hand, for an answer that is not"),
        (1, "returns", CHECK, "right", "The points were given by hand.", ""),
        (1, "returns", WORDS, "pending", "graded for an earlier version (1.75 of 2 points, which do not", ""),
        (1, "fails", WORDS, "missing", "could not be graded", f"{WORDS} had 1.75 of 2 points by hand"),
        (2, "returns", WORDS, "partly", "", ""),
        (2, "fails", WORDS, "partly", "", ""),
        (1, "mends", CHECK, "pending", "Open again: graded for an earlier version, whose points count", ""),
    ],
)
def test_what_became_of_points_by_hand_is_said(number, student, grade_id, status, message, remark, rounds):
    (one,) = report.read_class(rounds[number], ASSIGNMENT, student)
    cell = next(cell for cell in one.cells if cell.grade_id == grade_id)
    assert cell.status == status
    assert message in cell.message
    said = " ".join(one.remarks.get(FORWARD, []))
    assert remark in said if remark else "by hand" not in said
    comment = next(cell.comment for cell in one.cells if cell.grade_id == WORDS)
    is_of_another = number == 1 and student in ("emptied", "without", "returns", "fails")
    assert comment == ("(on an earlier version) Clear." if is_of_another else "Clear.")


def test_who_got_all_points_by_hand_made_no_mistake(rounds):
    found = {one.student: one.cells for one in report.read_class(rounds[0], ASSIGNMENT)}
    mistakes = {name: [c.misconception for c in cells if c.misconception] for name, cells in found.items()}
    assert (mistakes["returns"], mistakes["overruled"]) == ([], ["alphas_for_alphas_cumprod"])


def test_new_points_for_the_new_answer_count_and_the_old_ones_are_not_named(rounds, tmp_path):
    course = Course.open(shutil.copytree(rounds[1].root, tmp_path / "course"))
    give(course, "returns", WORDS, 0.5)
    assert shown(course, "returns")[0] == (4.5, 0, 0)
    (one,) = report.read_class(course, ASSIGNMENT, "returns")
    assert one.remarks == {} and not any("earlier version" in cell.message for cell in one.cells)


def grade_anew(course):
    shutil.rmtree(course.root / "logs")
    grade_class(course, ASSIGNMENT)
    (one,) = report.read_class(course, ASSIGNMENT)
    return {cell.grade_id: (cell.status, cell.points) for cell in one.cells}


@pytest.fixture
def alone(rounds, tmp_path):
    """The course after the first round with one student, who has points by hand for words and for a check."""
    course = Course.open(shutil.copytree(rounds[0].root, tmp_path / "course"))
    for folder in course.step("submitted").iterdir():
        if folder.name != "overruled":
            shutil.rmtree(folder)
    return course


def autograded(course):
    path = course.step("autograded") / "overruled" / ASSIGNMENT / f"{FORWARD}.ipynb"
    path.chmod(0o644)  # nbgrader closes it
    return path, nbformat.read(path, as_version=4)


def test_the_same_answer_shown_otherwise_keeps_its_points(alone):
    path, notebook = autograded(alone)
    marked(notebook, WORDS).source = "<div>As another version of a parser shows it.</div>"
    nbformat.write(notebook, path)
    found = grade_anew(alone)
    assert (found[WORDS], found[CHECK]) == (("partly", 1.75), ("partly", 1))


def test_points_of_an_earlier_labkit_count_and_are_open(alone):
    path, notebook = autograded(alone)
    del notebook.metadata["labkit"]["answers"]
    nbformat.write(notebook, path)
    found = grade_anew(alone)
    assert (found[WORDS], found[CHECK]) == (("pending", 1.75), ("pending", 1))


def test_nbgraders_own_autograde_in_between_loses_no_points(alone):
    command = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, "--force"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(command, cwd=alone.root, env={**os.environ, "PATH": path}, check=True, capture_output=True)
    found = grade_anew(alone)
    assert (found[WORDS], found[CHECK]) == (("pending", 1.75), ("pending", 1))


@pytest.fixture
def late(rounds, tmp_path):
    return Course.open(shutil.copytree(rounds[0].root, tmp_path / "course"))


@pytest.mark.parametrize(
    ("rule", "points", "penalty"),
    [
        ("score", 0, 8.75),
        ("1000", 0, 8.75),
        ("score / 2", 4.375, 4.375),
        ("-3", 8.75, 0),
        ("None", 8.75, 0),
        ("1 if total_seconds_late > 86400 else 0", 6.75, 2),
        ("2 if total_seconds_late > 90000 else 0", 8.75, 0),
    ],
)
def test_a_late_submission_costs_what_the_rule_says_now(rule, points, penalty, late):
    summed, one = shown(set_rule(late, rule), "late")
    assert summed == (points, 0, penalty)
    assert one.lateness == f"1 day 1 hour late, {f'penalty {penalty:g}' if penalty else 'no penalty'}"


def test_points_that_are_given_later_do_not_escape_the_rule(late):
    course = set_rule(late, "score")
    shown(course, "late")
    give(course, "late", WORDS, 2.0, 5.0)
    assert shown(course, "late")[0] == (0, 0, 14)
    give(course, "late", WORDS, 0.0)
    assert shown(course, "late")[0] == (0, 0, 7)


def a_due_date_before(submission):
    submission.assignment.duedate = datetime(2026, 11, 20, 9, 59, 30)


def no_due_date(submission):
    submission.assignment.duedate = None


def an_extension(submission):
    submission.extension = timedelta(days=2)


@pytest.mark.parametrize(
    ("change", "student", "penalty", "words"),
    [
        (a_due_date_before, "without", 4, "less than a minute late, penalty 4"),
        (a_due_date_before, "late", 4, "6 days 3 hours late, penalty 4"),
        (no_due_date, "late", 0, ""),
        (an_extension, "late", 0, ""),
        (an_extension, "without", 0, ""),
    ],
)
def test_who_is_late_is_said_by_the_due_date_of_now(change, student, penalty, words, late):
    with late.gradebook() as gradebook:
        change(gradebook.find_submission(ASSIGNMENT, student))
        gradebook.db.commit()
    summed, one = shown(late, student)
    assert (summed, one.lateness) == ((8.75 - penalty, 0, penalty), words)


def test_a_rule_that_raises_is_one_sentence(late):
    with pytest.raises(
        CourseError, match=r"rule for late submissions fails for late, 02_.*ZeroDivisionError"
    ):
        renew_penalties(set_rule(late, "1 / 0"), ASSIGNMENT)


def test_the_command_assigns_penalties_anew_and_keeps_to_its_words(late):
    course = set_rule(late, "total_seconds_late / 86400")
    with course.gradebook() as gradebook:
        gradebook.find_submission(ASSIGNMENT, "late").extension = timedelta(hours=1)
        gradebook.db.commit()
    outcome = CliRunner().invoke(
        app, ["report", ASSIGNMENT, "--course", str(course.root), "--student", "late", "--json"]
    )
    (one,) = json.loads(outcome.stdout)["students"]
    assert (one["raw_score"], one["score"], one["penalty"], one["seconds_late"]) == (8.75, 6.75, 2, 86400)
    assert outcome.stderr == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "less than a minute"),
        (60, "1 minute"),
        (3599, "59 minutes"),
        (7260, "2 hours 1 minute"),
        (86400, "1 day"),
        (2 * 86400 + 3 * 3600 + 59, "2 days 3 hours"),
    ],
)
def test_lateness_in_words(seconds, words):
    assert in_words(seconds) == words

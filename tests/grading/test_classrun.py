"""One class with everything that goes wrong in a class, graded once for all tests here."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest
from rich.console import Console

from labkit.errors import CourseError
from labkit.grading import report
from labkit.grading.classrun import grade_class
from labkit.grading.course import Course

ASSIGNMENT = "arithmetic"
XSS = "<script>alert('x')</script>"


def marked(notebook, grade_id):
    return next(
        cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id
    )


def hand_in(course, student, notebooks):
    folder = course / "submitted" / student / ASSIGNMENT
    folder.mkdir(parents=True)
    for name, notebook in notebooks.items():
        text = notebook if isinstance(notebook, str) else json.dumps(notebook)
        (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
    (folder / "results").mkdir()
    (folder / "results" / "run.json").write_text(f"{student}'s own run", encoding="utf-8")


def answered(notebooks, todo, source):
    for notebook in notebooks.values():
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == todo:
                cell.source = source
    return notebooks


def duplicated(notebooks):
    cells = notebooks["01_add"].cells
    cells.insert(0, deepcopy(marked(notebooks["01_add"], "check_add")))
    return notebooks


@pytest.fixture(scope="module")
def folder(released_course, solved, tmp_path_factory):
    folder = shutil.copytree(released_course, tmp_path_factory.mktemp("class") / "course")
    # A run that the teacher made must not take the place of a student's.
    teachers = folder / "solutions" / ASSIGNMENT / "results"
    teachers.mkdir()
    (teachers / "run.json").write_text("the teacher's run")
    blank = {
        path.stem: path.read_text(encoding="utf-8")
        for path in (folder / "notebooks" / ASSIGNMENT).glob("*.ipynb")
    }
    warning = "import sys\ndef double(a):\n    print('careful', file=sys.stderr)\n    return 2 * a"
    students = {
        "right": deepcopy(solved),
        "blank": blank,
        "subtracts": answered(deepcopy(solved), "add", "def add(a, b):\n    return a - b"),
        "half": answered(deepcopy(solved), "add", "def add(a, b):\n    return 0"),
        "raises": answered(deepcopy(solved), "add", f"raise ValueError({XSS!r})"),
        "duplicates": duplicated(deepcopy(solved)),
        "garbage": {**deepcopy(solved), "01_add": "not a notebook"},
        "forgets": {"01_add": solved["01_add"]},
        "dies": answered(deepcopy(solved), "double", "import os\nos._exit(1)"),
        "endless": answered(deepcopy(solved), "double", "while True: pass"),
        "warns": answered(deepcopy(solved), "double", warning),
        "unknown": {"other": solved["01_add"]},
    }
    for student, notebooks in students.items():
        hand_in(folder, student, notebooks)
    return folder


@pytest.fixture(scope="module")
def graded(folder):
    seen = []
    results = grade_class(
        Course.open(folder), ASSIGNMENT, progress=lambda one, of: seen.append((one.student, of))
    )
    assert sorted(seen) == [(one.student, 12) for one in results]
    return {one.student: one for one in results}


@pytest.fixture(scope="module")
def reports(folder, graded):
    return {one.student: one for one in report.read_class(Course.open(folder), ASSIGNMENT)}


def test_one_submission_never_stops_the_others(graded):
    assert [name for name, one in graded.items() if not one.succeeded] == ["unknown"]
    assert "unknown notebook" in graded["unknown"].log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("student", "add", "double"),
    [
        ("right", (4, "right"), (3, "right")),
        ("blank", (0, "empty"), (0, "empty")),
        ("subtracts", (0, "wrong"), (0, "wrong")),
        ("half", (2, "partly"), (0, "wrong")),
        ("raises", (0, "error"), (0, "error")),
        ("duplicates", (4, "right"), (3, "right")),
        ("garbage", (0, "empty"), (0, "error")),
        ("forgets", (4, "right"), (0, "missing")),
        ("dies", (4, "right"), (0, "error")),
        ("endless", (4, "right"), (0, "time-out")),
        ("warns", (4, "right"), (3, "right")),
        ("unknown", (0, "missing"), (0, "missing")),
    ],
)
def test_points_and_reasons(student, add, double, reports):
    cells = {cell.todo: (cell.points, cell.status) for cell in reports[student].cells}
    assert (cells["add"], cells["double"]) == (add, double)


def test_answers_in_words_wait_for_a_person_and_are_not_lost(reports):
    explained = {name: next(c for c in one.cells if c.todo == "explain_add") for name, one in reports.items()}
    assert (explained["right"].points, explained["right"].status) == (None, "pending")
    assert (explained["blank"].points, explained["blank"].status) == (0, "empty")
    assert (reports["right"].score, reports["right"].pending, reports["right"].max_score) == (7, 2, 9)
    assert (reports["blank"].score, reports["blank"].pending) == (0, 0)


def test_the_mistake_is_named_and_what_was_mended_is_said(reports):
    assert reports["subtracts"].cells[0].misconception == "subtracts"
    assert reports["subtracts"].cells[0].message == "You <b>subtracted</b>."
    assert reports["duplicates"].remarks == {
        "01_add": ["Cell check_add was there 2 times; one of the copies was graded."]
    }
    assert "not a readable notebook" in reports["garbage"].remarks["01_add"][0]
    assert reports["right"].remarks == {}


def test_a_run_travels_with_its_submission(folder, graded):
    assert (folder / "autograded/right" / ASSIGNMENT / "results/run.json").read_text() == "right's own run"
    printed = (folder / "autograded/right" / ASSIGNMENT / "02_double.ipynb").read_text(encoding="utf-8")
    assert "right's own run" in printed
    assert not (folder / "feedback/right" / ASSIGNMENT / "results").exists()


def test_the_table_has_every_student_and_the_named_mistake(reports):
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(report.table(list(reports.values()), ASSIGNMENT))
    text = console.export_text()
    assert all(student in text for student in reports)
    for word in ("not_twice", "time-out", "missing", "2 open"):
        assert word in text


def test_gradebook_csv(folder, reports):
    path = report.write_csv(Course.open(folder), ASSIGNMENT, list(reports.values()))
    with path.open(newline="", encoding="utf-8") as lines:
        rows = {row["student_id"]: row for row in csv.DictReader(lines)}
    assert set(rows) == set(reports)
    right, wrong = rows["right"], rows["subtracts"]
    assert (float(right["score"]), float(right["max_score"]), right["by_hand"]) == (7, 9, "2")
    assert (right["check_add"], right["explain_add"], right["check_double"]) == ("4", "", "3")
    assert wrong["mistakes"] == "add: subtracts; double: not_twice"


def test_the_feedback_page_escapes_what_comes_from_a_student(folder, reports):
    pages = report.write_pages(Course.open(folder), ASSIGNMENT, list(reports.values()))
    html = {page.parent.parent.name: page.read_text(encoding="utf-8") for page in pages}
    assert set(html) == set(reports)
    assert XSS not in html["raises"]
    assert "&lt;script&gt;alert" in html["raises"]
    assert "You &lt;b&gt;subtracted&lt;/b&gt;." in html["subtracts"]
    assert 'href="01_add.html"' in html["right"]
    assert "graded by hand" in html["right"]
    assert "could not be graded" in html["unknown"]


def test_feedback_shows_no_hidden_test(folder, graded):
    page = (folder / "feedback/right" / ASSIGNMENT / "02_double.html").read_text(encoding="utf-8")
    assert "JUDGES" in page
    assert "hidden" not in page.partition("<body")[2].lower()


def test_a_failing_second_run_keeps_no_old_score_but_what_a_person_gave(folder, graded, tmp_path):
    copy = Path(shutil.copytree(folder, tmp_path / "course"))
    course = Course.open(copy)
    with course.gradebook() as gradebook:
        gradebook.find_grade("explain_add", "01_add", ASSIGNMENT, "right").manual_score = 1.5
        gradebook.db.commit()
    work = copy / "submitted" / "right" / ASSIGNMENT
    for path in work.glob("*.ipynb"):
        path.rename(work / f"other_{path.name}")
    (again,) = grade_class(course, ASSIGNMENT, "right")
    assert not again.succeeded
    (shown,) = report.read_class(course, ASSIGNMENT, "right")
    assert shown.score == 1.5
    assert not shown.graded


def test_nbgrader_typed_by_hand_grades_the_class_too(folder, graded, tmp_path):
    copy = Path(shutil.copytree(folder, tmp_path / "course"))
    for path in (copy / "submitted").iterdir():
        if path.name not in ("duplicates", "garbage", "right"):
            shutil.rmtree(path)
    shutil.rmtree(copy / "autograded")
    command = [sys.executable, "-m", "nbgrader", "autograde", ASSIGNMENT, "--force"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    outcome = subprocess.run(
        command, cwd=copy, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    assert outcome.returncode == 0, outcome.stderr
    scores = {one.student: one.score for one in report.read_class(Course.open(copy), ASSIGNMENT)}
    assert scores == {"duplicates": 7, "garbage": 0, "right": 7}


@pytest.mark.parametrize(
    ("assignment", "student", "sentence"),
    [("geometry", None, "no assignment 'geometry'"), (ASSIGNMENT, "nobody", "no submission of 'nobody'")],
)
def test_unknown_names_are_said(assignment, student, sentence, folder):
    with pytest.raises(CourseError, match=sentence):
        grade_class(Course.open(folder), assignment, student)


def test_nothing_handed_in_nothing_graded_nothing_released(course_folder, released_folder, solved):
    with pytest.raises(CourseError, match="labkit release"):
        grade_class(Course.open(course_folder), ASSIGNMENT)
    with pytest.raises(CourseError, match="no submissions"):
        grade_class(Course.open(released_folder), ASSIGNMENT)
    hand_in(released_folder, "right", solved)
    with pytest.raises(CourseError, match="labkit grade"):
        report.read_class(Course.open(released_folder), ASSIGNMENT)

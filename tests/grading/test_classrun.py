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

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output
from rich.console import Console
from small_courses import marked

from labkit.checks.verdict import MIME
from labkit.errors import CourseError
from labkit.grading import report
from labkit.grading.classrun.grade_class import grade_class
from labkit.grading.course_folder import Course
from labkit.grading.intake.form import MOST_SHOWN

ASSIGNMENT = "noising"
XSS = "<script>alert('x')</script>"


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
    cells = notebooks["02_forward_process"].cells
    cells.insert(0, deepcopy(marked(notebooks["02_forward_process"], "check_q_sample")))
    return notebooks


def tagged(notebooks, tag):
    for notebook in notebooks.values():
        for cell in notebook.cells:
            cell.metadata.setdefault("tags", []).append(tag)
    return notebooks


def shown(notebooks, html):
    code = next(cell for cell in notebooks["02_forward_process"].cells if cell.cell_type == "code")
    code.outputs = [new_output("display_data", data={"text/html": html})]
    return notebooks


def pasted(notebooks, picture):
    marked(notebooks["02_forward_process"], "explain_q_sample").source += f"\n\n{picture}"
    return notebooks


def boasting(blank):
    """Shows a verdict, prints points, and brings a test cell of its own."""
    notebook = nbformat.reads(blank["02_forward_process"], as_version=4)
    verdict = {"todo": "q_sample", "passed": True, "score": 1.0, "misconception": None, "message": "Right."}
    show = f"from IPython.display import display\ndisplay({{{MIME!r}: {verdict!r}}}, raw=True)\n4.0"
    mark = {"grade": True, "grade_id": "my_own", "locked": True, "points": 50, "schema_version": 3}
    mark |= {"solution": False, "task": False}
    notebook.cells.append(new_code_cell(show, metadata={"nbgrader": mark}))
    marked(notebook, "q_sample").source = show
    return {**blank, "02_forward_process": nbformat.writes(notebook)}


@pytest.fixture(scope="module")
def folder(noising, noising_solved, tmp_path_factory):
    folder = shutil.copytree(noising, tmp_path_factory.mktemp("class") / "course")
    # A run that the teacher made must not take the place of a student's.
    teachers = folder / "solutions" / ASSIGNMENT / "results"
    teachers.mkdir()
    (teachers / "run.json").write_text("the teacher's run")
    blank = {
        path.stem: path.read_text(encoding="utf-8")
        for path in (folder / "notebooks" / ASSIGNMENT).glob("*.ipynb")
    }
    right_betas = marked(noising_solved["05_noise_schedules"], "cosine_betas").source
    right_q_sample = marked(noising_solved["02_forward_process"], "q_sample").source
    warning = f"import sys\nprint('careful', file=sys.stderr)\n{right_betas}"
    wrong = right_q_sample.replace("alphas_cumprod", "alphas")
    students = {
        "right": deepcopy(noising_solved),
        "blank": blank,
        "mistaken": answered(deepcopy(noising_solved), "q_sample", wrong),
        "raises": answered(deepcopy(noising_solved), "q_sample", f"raise ValueError({XSS!r})"),
        "duplicates": duplicated(deepcopy(noising_solved)),
        "garbage": {**deepcopy(noising_solved), "02_forward_process": "not a notebook"},
        "forgets": {"02_forward_process": noising_solved["02_forward_process"]},
        "dies": answered(deepcopy(noising_solved), "cosine_betas", "import os\nos._exit(1)"),
        "endless": answered(deepcopy(noising_solved), "cosine_betas", "while True: pass"),
        "warns": answered(deepcopy(noising_solved), "cosine_betas", warning),
        "tags": tagged(deepcopy(noising_solved), "skip-execution"),
        "boasts": boasting(blank),
        "huge": shown(deepcopy(noising_solved), "x" * (3 * MOST_SHOWN)),
        "pastes": pasted(deepcopy(noising_solved), "**See** ![two curves](attachment:gone.png)"),
        "unknown": {"other": "{}"},
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
    assert sorted(seen) == [(one.student, 15) for one in results]
    return {one.student: one for one in results}


@pytest.fixture(scope="module")
def reports(folder, graded):
    return {one.student: one for one in report.read_class(Course.open(folder), ASSIGNMENT)}


def test_one_submission_never_stops_the_others(graded):
    assert [name for name, one in graded.items() if not one.succeeded] == ["unknown"]
    assert "unknown notebook" in graded["unknown"].log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("student", "q_sample", "cosine_betas"),
    [
        ("right", (4, "right"), (3, "right")),
        ("blank", (0, "empty"), (0, "empty")),
        ("mistaken", (0, "wrong"), (3, "right")),
        ("raises", (0, "error"), (3, "right")),
        ("duplicates", (4, "right"), (3, "right")),
        ("garbage", (0, "empty"), (3, "right")),
        ("forgets", (4, "right"), (0, "missing")),
        ("dies", (4, "right"), (0, "error")),
        ("endless", (4, "right"), (0, "time-out")),
        ("warns", (4, "right"), (3, "right")),
        ("tags", (4, "right"), (3, "right")),
        ("boasts", (0, "wrong"), (0, "empty")),
        ("huge", (4, "right"), (3, "right")),
        ("pastes", (4, "right"), (3, "right")),
        ("unknown", (0, "missing"), (0, "missing")),
    ],
)
def test_points_and_reasons(student, q_sample, cosine_betas, reports):
    cells = {cell.todo: (cell.points, cell.status) for cell in reports[student].cells}
    assert (cells["q_sample"], cells["cosine_betas"]) == (q_sample, cosine_betas)


def test_answers_in_words_wait_for_a_person_and_are_not_lost(reports):
    explained = {
        name: next(c for c in one.cells if c.todo == "explain_q_sample") for name, one in reports.items()
    }
    assert (explained["right"].points, explained["right"].status) == (None, "pending")
    assert (explained["blank"].points, explained["blank"].status) == (0, "empty")
    assert (reports["right"].score, reports["right"].pending, reports["right"].max_score) == (7, 2, 9)
    assert (reports["blank"].score, reports["blank"].pending) == (0, 0)


def test_the_mistake_is_named_and_what_was_mended_is_said(reports):
    assert reports["mistaken"].cells[0].misconception == "alphas_for_alphas_cumprod"
    assert (
        "α_t (`alphas`) stands where ᾱ_t (`alphas_cumprod`) belongs" in reports["mistaken"].cells[0].message
    )
    assert reports["duplicates"].remarks == {
        "02_forward_process": ["Cell check_q_sample was there 2 times; one of the copies was graded."]
    }
    assert "not a readable notebook" in reports["garbage"].remarks["02_forward_process"][0]
    assert "more than 500 outputs, or 10 MB" in reports["huge"].remarks["02_forward_process"][0]
    assert reports["right"].remarks == reports["pastes"].remarks == {}


def test_a_run_travels_with_its_submission(folder, graded):
    assert (folder / "autograded/right" / ASSIGNMENT / "results/run.json").read_text() == "right's own run"
    printed = (folder / "autograded/right" / ASSIGNMENT / "05_noise_schedules.ipynb").read_text(
        encoding="utf-8"
    )
    assert "right's own run" in printed
    assert not (folder / "feedback/right" / ASSIGNMENT / "results").exists()


def test_the_table_has_every_student_and_the_named_mistake(reports):
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(report.table(list(reports.values()), ASSIGNMENT))
    text = console.export_text()
    assert all(student in text for student in reports)
    for word in ("alphas_for_alphas_cumprod", "time-out", "missing", "2 open"):
        assert word in text


def test_gradebook_csv(folder, reports):
    path = report.write_csv(Course.open(folder), ASSIGNMENT, list(reports.values()))
    with path.open(newline="", encoding="utf-8") as lines:
        rows = {row["student_id"]: row for row in csv.DictReader(lines)}
    assert set(rows) == set(reports)
    right, wrong = rows["right"], rows["mistaken"]
    assert (float(right["score"]), float(right["max_score"]), right["by_hand"]) == (7, 9, "2")
    assert (right["check_q_sample"], right["explain_q_sample"], right["check_cosine_betas"]) == ("4", "", "3")
    assert wrong["mistakes"] == "q_sample: alphas_for_alphas_cumprod"


def test_the_csv_keeps_its_columns_and_runs_nothing(folder, reports, tmp_path):
    course = Course.open(shutil.copytree(folder, tmp_path / "course"))
    formula = '=HYPERLINK("http://example.org","x")'
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student(
            "right", last_name='Doe, "Jr."', first_name=formula, email="+a\n@b"
        )
        gradebook.update_or_create_student("=1+1")
    path = report.write_csv(course, ASSIGNMENT, list(reports.values()))
    with path.open(newline="", encoding="utf-8") as lines:
        rows = {row["student_id"]: row for row in csv.DictReader(lines)}
    assert set(rows) == {*reports, "'=1+1"} and not any(None in row for row in rows.values())
    right = rows["right"]
    assert (right["last_name"], right["first_name"], right["email"]) == (
        'Doe, "Jr."',
        f"'{formula}",
        "'+a\n@b",
    )
    assert float(right["score"]) == 7 and rows["'=1+1"]["score"] == "0.0"


def test_the_feedback_page_escapes_what_comes_from_a_student(folder, reports):
    pages = report.write_pages(Course.open(folder), ASSIGNMENT, list(reports.values()))
    html = {page.parent.parent.name: page.read_text(encoding="utf-8") for page in pages}
    assert set(html) == set(reports)
    assert XSS not in html["raises"]
    assert "&lt;script&gt;alert" in html["raises"]
    assert "α_t (<code>alphas</code>) stands where" in html["mistaken"]
    assert 'href="02_forward_process.html"' in html["right"]
    assert "graded by hand" in html["right"]
    assert "could not be graded" in html["unknown"]


def test_feedback_shows_the_words_of_a_picture_that_is_gone(folder, graded):
    page = (folder / "feedback/pastes" / ASSIGNMENT / "02_forward_process.html").read_text(encoding="utf-8")
    assert "<strong>See</strong> <em>(two curves: not shown)</em>" in page


def test_feedback_shows_no_hidden_test(folder, graded):
    page = (folder / "feedback/right" / ASSIGNMENT / "05_noise_schedules.html").read_text(encoding="utf-8")
    assert "answer" in page
    assert "hidden" not in page.partition("<body")[2].lower()


def test_a_comment_stands_beside_the_points(folder, graded, tmp_path):
    course = Course.open(Path(shutil.copytree(folder, tmp_path / "course")))
    with course.gradebook() as gradebook:
        for cell, said in (("explain_q_sample", "Clear."), ("q_sample", "See me & ask.")):
            gradebook.find_comment(cell, "02_forward_process", ASSIGNMENT, "right").manual_comment = said
        gradebook.db.commit()
    shown = report.read_class(course, ASSIGNMENT, "right")
    said = {cell.grade_id: cell.comment for cell in shown[0].cells if cell.comment}
    assert said == {"explain_q_sample": "Clear.", "check_q_sample": "See me & ask."}
    (page,) = report.write_pages(course, ASSIGNMENT, shown)
    assert "See me &amp; ask." in page.read_text(encoding="utf-8")


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
    assert scores == {"duplicates": 7, "garbage": 3, "right": 7}


@pytest.mark.parametrize(
    ("assignment", "student", "sentence"),
    [("geometry", None, "no assignment 'geometry'"), (ASSIGNMENT, "nobody", "no submission of 'nobody'")],
)
def test_unknown_names_are_said(assignment, student, sentence, folder):
    with pytest.raises(CourseError, match=sentence):
        grade_class(Course.open(folder), assignment, student)


def test_nothing_handed_in_nothing_graded_nothing_released(course_folder, noising, noising_solved, tmp_path):
    with pytest.raises(CourseError, match="labkit release"):
        grade_class(Course.open(course_folder), "arithmetic")
    released = shutil.copytree(noising, tmp_path / "released")
    with pytest.raises(CourseError, match="no submissions"):
        grade_class(Course.open(released), ASSIGNMENT)
    hand_in(released, "right", noising_solved)
    with pytest.raises(CourseError, match="labkit grade"):
        report.read_class(Course.open(released), ASSIGNMENT)

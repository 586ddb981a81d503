"""Which answer points by hand belong to."""

import shutil
from copy import deepcopy

import nbformat
import pytest
from nbformat import v4
from small_courses import marked

from labkit.grading.course_folder import Course
from labkit.grading.intake.answer_hash import answer_hashes
from labkit.grading.release.build import release
from labkit.grading.report import read_class


def cell(kind, grade_id, source, **mark):
    make = v4.new_markdown_cell if kind == "markdown" else v4.new_code_cell
    mark = {"grade": False, "solution": False, "locked": False, "task": False, "points": 2} | mark
    return make(source, metadata={"nbgrader": {"grade_id": grade_id, **mark}})


@pytest.fixture
def notebook():
    return v4.new_notebook(
        cells=[
            v4.new_markdown_cell("# Lesson"),
            cell("code", "add", "def add(a, b): return a + b", solution=True),
            cell("code", "check_add", "check('add')", grade=True, locked=True),
            cell("markdown", "explain", "Numbers add up.", grade=True, solution=True),
            cell("code", "plot", "plot(add)", grade=True, solution=True),
            cell("code", "check_model", "check('model')", grade=True, locked=True),
            cell("markdown", "task", "Draw it.", task=True),
        ]
    )


def with_source(grade_id):
    def change(notebook):
        marked(notebook, grade_id).source += " More."

    return change


def with_picture(notebook):
    marked(notebook, "explain").attachments = {"picture.png": {"image/png": "aGk="}}


def with_blank_lines(notebook):
    marked(notebook, "explain").source += "\n\n"


def with_prose(notebook):
    notebook.cells[0].source = "# My lesson"


@pytest.mark.parametrize(
    ("change", "others"),
    [
        (with_source("add"), {"check_add", "check_model", "task"}),
        (with_source("explain"), {"explain", "check_model", "task"}),
        (with_source("plot"), {"plot", "check_model", "task"}),
        (with_picture, {"explain", "check_model", "task"}),
        (with_source("check_add"), set()),
        (with_blank_lines, set()),
        (with_prose, set()),
    ],
)
def test_points_belong_to_their_answer_alone(change, others, notebook):
    new = deepcopy(notebook)
    change(new)
    before, now = answer_hashes(notebook), answer_hashes(new)
    assert set(before) == set(now) == {"check_add", "explain", "plot", "check_model", "task"}
    assert {name for name in now if now[name] != before[name]} == others


def test_a_check_that_came_after_the_grading_is_missing(released_folder):
    course = Course.open(released_folder)
    for step in ("submitted", "autograded"):
        shutil.copytree(course.step("release") / "arithmetic", course.step(step) / "ann" / "arithmetic")
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student("ann")
        gradebook.update_or_create_submission("arithmetic", "ann")
    path = course.step("release") / "arithmetic" / "01_add.ipynb"  # as `git pull` brings it
    lesson = nbformat.read(path, as_version=4)
    lesson.cells.append(cell("code", "check_more", "1", grade=True, locked=True, schema_version=3))
    nbformat.write(lesson, path)
    (ann,) = read_class(course, "arithmetic")
    (more,) = [one for one in ann.cells if one.todo == "more"]
    assert (more.status, more.points, more.max_points) == ("missing", 0, 2)
    assert more.message == "This check was not there yet when it was graded."


def test_whatever_a_person_grades_is_open(course_folder):
    course = Course.open(course_folder)
    path = course.step("source") / "arithmetic" / "01_add.ipynb"
    lesson = nbformat.read(path, as_version=4)
    lesson.cells += [
        cell("code", "plot", "plot(add)", grade=True, solution=True, schema_version=3),
        cell("markdown", "task", "Draw it.", task=True, locked=True, schema_version=3),
    ]
    nbformat.write(lesson, path)
    release(course, "arithmetic")
    for step in ("submitted", "autograded"):
        folder = course.step(step) / "ann" / "arithmetic"
        folder.parent.mkdir(parents=True)
        shutil.copytree(course.step("release") / "arithmetic", folder)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student("ann")
        gradebook.update_or_create_submission("arithmetic", "ann")
    (ann,) = read_class(course, "arithmetic")
    by_hand = {one.todo: (one.status, one.points) for one in ann.cells if one.by_hand}
    assert {"plot", "task"} < set(by_hand) and set(by_hand.values()) == {("pending", None)}
    with course.gradebook() as gradebook:
        submission = gradebook.find_submission("arithmetic", "ann")
        assert ann.max_score == submission.max_score
        for name, points in (("plot", 2.0), ("task", 1.0)):
            grade = gradebook.find_grade(name, "01_add", "arithmetic", "ann")
            grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()
    (ann,) = read_class(course, "arithmetic")
    by_hand = {one.todo: (one.status, one.points) for one in ann.cells if one.by_hand}
    assert (by_hand["plot"], by_hand["task"], ann.score) == (("right", 2), ("partly", 1), 3)

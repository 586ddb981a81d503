"""Notebooks under another name, however they came into submitted/."""

import os
import shutil
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from small_courses import marked
from test_classrun import ASSIGNMENT, hand_in

from labkit.grading.classrun.grade_class import grade_class
from labkit.grading.course_folder import Course
from labkit.grading.intake.lessons import lessons_of
from labkit.grading.intake.recognise import choices_in
from labkit.grading.intake.view import view_of
from labkit.grading.report import read_class

LESSON, OTHER = "02_forward_process", "05_noise_schedules"


@pytest.fixture
def course(noising: Path, tmp_path: Path) -> Course:
    return Course.open(shutil.copytree(noising, tmp_path / "course"))


@pytest.fixture
def released(noising: Path) -> dict[str, nbformat.NotebookNode]:
    folder = noising / "notebooks" / ASSIGNMENT
    return {path.stem: nbformat.read(path, as_version=4) for path in folder.glob("*.ipynb")}


def counting(course: Course, student: str = "ann") -> dict[str, str]:
    """lesson → the file that counts"""
    choices = choices_in(course.step("submitted") / student / ASSIGNMENT, lessons_of(course), ASSIGNMENT)
    return {choice.counts.lesson: choice.counts.name for choice in choices}


@pytest.mark.parametrize(
    "name", ["Copy of 02_forward_process", "02_forward_process (1)", "a\u0308", "x.y", LESSON]
)
def test_nbgrader_sees_every_notebook_under_its_lessons_name(name, course, noising_solved, released) -> None:
    hand_in(course.root, "ann", {name: noising_solved[LESSON], OTHER: released[OTHER]})
    assert counting(course) == {LESSON: f"{name}.ipynb", OTHER: f"{OTHER}.ipynb"}
    submission = course.step("submitted") / "ann" / ASSIGNMENT
    before = sorted(submission.rglob("*"))
    choices = choices_in(submission, lessons_of(course), ASSIGNMENT)
    with view_of(course, ASSIGNMENT, "ann", choices) as (directory, _):
        view = Path(directory.format_path(directory.submitted_directory, "ann", ASSIGNMENT))
        assert nbformat.read(view / f"{LESSON}.ipynb", as_version=4) == noising_solved[LESSON]
        assert (view / "results" / "run.json").is_file()
    assert sorted(submission.rglob("*")) == before and not view.exists()


def test_notebooks_that_have_one_anothers_names_are_both_seen(course, noising_solved) -> None:
    hand_in(course.root, "ann", {LESSON: noising_solved[OTHER], OTHER: noising_solved[LESSON]})
    assert counting(course) == {LESSON: f"{OTHER}.ipynb", OTHER: f"{LESSON}.ipynb"}
    (one,) = grade_class(course, ASSIGNMENT)
    assert one.succeeded, one.failure
    (report,) = read_class(course, ASSIGNMENT)
    assert report.score == 7


def test_links_and_pipes_are_left_behind_with_a_remark(course, noising_solved) -> None:
    """nbgrader's copy follows them: the gradebook would come out in the feedback."""
    secret = course.root / "secret"
    secret.mkdir()
    (secret / "hidden.txt").write_text("ZEBRA-7141")
    hand_in(course.root, "ann", {LESSON: noising_solved[LESSON], OTHER: noising_solved[OTHER]})
    submission = course.step("submitted") / "ann" / ASSIGNMENT
    (submission / "gradebook.db").symlink_to(course.root / "gradebook.db")
    (submission / "results" / "secret").symlink_to(secret)
    (submission / f"{OTHER}.ipynb").unlink()
    (submission / f"{OTHER}.ipynb").symlink_to(secret / "hidden.txt")
    os.mkfifo(submission / "pipe")
    (one,) = grade_class(course, ASSIGNMENT)
    assert one.succeeded, one.failure
    graded = course.step("autograded") / "ann" / ASSIGNMENT
    found = {path.name for path in graded.rglob("*")}
    assert not found & {"gradebook.db", "secret", "hidden.txt", "pipe"} and "run.json" in found
    texts = [*graded.rglob("*.ipynb"), *course.step("feedback").rglob("*.html")]
    assert not any("ZEBRA-7141" in path.read_text(encoding="utf-8") for path in texts)
    (report,) = read_class(course, ASSIGNMENT)
    assert report.score == 4
    (said,) = [remark for remark in report.remarks[LESSON] if "link" in remark]
    assert all(f"'{name}'" in said for name in ("gradebook.db", f"{OTHER}.ipynb", "pipe"))


@pytest.mark.parametrize("own", ["worked on", "as released", "missing", "broken"])
@pytest.mark.parametrize("copy", ["worked on", "as released", "without marks"])
def test_the_original_counts_where_it_was_worked_on(own, copy, course, noising_solved, released) -> None:
    naked = deepcopy(noising_solved[LESSON])
    for cell in naked.cells:
        cell.metadata.clear()
    other = deepcopy(noising_solved[LESSON])
    marked(other, "q_sample").source += "\n# another version"
    copies = {"worked on": other, "as released": released[LESSON], "without marks": naked}
    originals = {
        "worked on": noising_solved[LESSON],
        "as released": released[LESSON],
        "broken": "no notebook",
    }
    notebooks = {f"Copy of {LESSON}": copies[copy]}
    if own != "missing":
        notebooks[LESSON] = originals[own]
    hand_in(course.root, "ann", notebooks)
    original_counts = own == "worked on" or (own, copy) == ("as released", "as released")
    original_counts |= (own, copy) == ("broken", "as released")
    assert counting(course)[LESSON] == (f"{LESSON}.ipynb" if original_counts else f"Copy of {LESSON}.ipynb")


def test_a_scratch_of_another_lesson_takes_no_place(course, noising_solved, released) -> None:
    """A cell that was copied from one notebook to another keeps its mark."""
    mixed = deepcopy(noising_solved[OTHER])
    mixed.cells.append(deepcopy(marked(noising_solved[LESSON], "q_sample")))
    hand_in(course.root, "ann", {OTHER: mixed, "notes": nbformat.v4.new_notebook()})
    assert counting(course) == {OTHER: f"{OTHER}.ipynb"}


def test_a_pipe_is_no_notebook(course, noising_solved) -> None:
    hand_in(course.root, "ann", {LESSON: noising_solved[LESSON]})
    os.mkfifo(course.step("submitted") / "ann" / ASSIGNMENT / f"{OTHER}.ipynb")
    assert counting(course) == {LESSON: f"{LESSON}.ipynb"}


def test_graded_with_a_remark_that_names_the_file(course, noising_solved, released) -> None:
    other = deepcopy(noising_solved[LESSON])
    marked(other, "q_sample").source = "q_sample = None"
    notebooks = {
        LESSON: released[LESSON],
        f"{LESSON}-Copy1": noising_solved[LESSON],
        f"{LESSON}-Copy0": other,
        "mine": noising_solved[OTHER],
    }
    hand_in(course.root, "O'Neil", notebooks)
    (one,) = grade_class(course, ASSIGNMENT)
    assert one.succeeded, one.failure
    (report,) = read_class(course, ASSIGNMENT)
    assert report.score == 7
    assert report.remarks[OTHER] == [
        f"{OTHER}.ipynb is missing; 'mine.ipynb' is this lesson too and counts in its place."
    ]
    assert report.remarks[LESSON] == [
        f"{LESSON}.ipynb is as it was released; '{LESSON}-Copy1.ipynb' is this lesson too "
        "and counts in its place.",
        f"Other versions of {LESSON}.ipynb do not count: '{LESSON}-Copy0.ipynb'.",
    ]
    assert not (course.root / "logs" / ASSIGNMENT / ".view" / "O'Neil").exists()


def test_a_folder_of_many_files_is_told_in_a_sentence(course: Course, noising_solved: dict) -> None:
    """By hand somebody puts a whole environment there; nbgrader would take an hour to copy it."""
    hand_in(course.root, "ann", noising_solved)
    rest = course.step("submitted") / "ann" / ASSIGNMENT / "rest"
    rest.mkdir()
    for number in range(1001):
        (rest / str(number)).touch()
    (one,) = grade_class(course, ASSIGNMENT)
    assert "more than 1000" in one.failure

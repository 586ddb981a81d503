"""The whole course at work: the example class, from the released notebooks to the gradebook."""

import csv
import shutil
from pathlib import Path

import pytest

from labkit.errors import CourseError
from labkit.grading.classrun.grade_class import grade_class
from labkit.grading.course_folder import Course
from labkit.grading.demo import make_class
from labkit.grading.report import read_class, write_class_page, write_csv, write_pages
from labkit.grading.similar.pairs import similar_in_class

ROOT = Path(__file__).parents[1]
ASSIGNMENT = "task1_swiss_roll"

EXPECTED = {  # student → (points, the mistakes that must be named)
    "abe": (29, {}),
    "ada": (32, {}),
    "ben": (32, {}),
    "cleo": (0, {"trained_model": "untrained"}),
    "dan": (23, {"q_sample": "uniform_noise", "forward_figure": "figure_off"}),
    "eve": (28, {"p_sample": "noise_at_last_step"}),
    "finn": (29, {"p_sample_loop": "stops_before_t0"}),
    "gil": (19, {}),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    made = make_class(
        Course.open(ROOT), tmp_path_factory.mktemp("class") / "demo", lambda text: None, [ASSIGNMENT]
    )
    assert all(one.succeeded for one in grade_class(made, ASSIGNMENT))
    return made


def scores(course: Course) -> dict[str, float]:
    return {one.student: one.score for one in read_class(course, ASSIGNMENT)}


def test_everybody_gets_what_they_earned_and_hears_why(course: Course) -> None:
    reports = {one.student: one for one in read_class(course, ASSIGNMENT)}
    assert {name: one.score for name, one in reports.items()} == {
        name: points for name, (points, _) in EXPECTED.items()
    }
    for name, (_, mistakes) in EXPECTED.items():
        named = {cell.todo: cell.misconception for cell in reports[name].cells if cell.misconception}
        assert named == mistakes
    assert {cell.status for cell in reports["gil"].cells if cell.notebook.startswith("04")} == {"missing"}
    assert [cell.status for cell in reports["abe"].cells if cell.todo == "compute_loss"] == ["time-out"]
    assert reports["ada"].pending == 8 and reports["ada"].max_score == 40
    assert reports["cleo"].pending == 0


def test_gradebook_and_pages_are_there_for_everybody(course: Course) -> None:
    reports = read_class(course, ASSIGNMENT)
    with write_csv(course, ASSIGNMENT, reports).open(encoding="utf-8") as lines:
        rows = {row["student_id"]: row for row in csv.DictReader(lines)}
    assert {name: float(row["score"]) for name, row in rows.items()} == scores(course)
    for page in write_pages(course, ASSIGNMENT, reports):
        text = page.read_text(encoding="utf-8")
        assert "BEGIN SOLUTION" not in text and "Rubric" not in text
    for notebook in (course.step("feedback")).glob(f"*/{ASSIGNMENT}/0*.html"):
        assert "Model answer" not in notebook.read_text(encoding="utf-8")


def test_the_class_has_a_page_and_nobody_is_suspected_who_has_the_courses_own_answers(course: Course) -> None:
    assert similar_in_class(course, ASSIGNMENT) == []
    text = write_class_page(course, ASSIGNMENT, read_class(course, ASSIGNMENT), []).read_text(
        encoding="utf-8"
    )
    for name, (_, mistakes) in EXPECTED.items():
        assert f'href="feedback/{name}/{ASSIGNMENT}/index.html"' in text
        for mistake in mistakes.values():
            assert f'<a href="#mistake-{mistake}">' in text
    assert "BEGIN SOLUTION" not in text and "Rubric" not in text


def test_grading_again_gives_the_same_points(course: Course) -> None:
    before = scores(course)
    kept = {"ada", "ben", "cleo"}
    for folder in course.step("submitted").iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder)
    for mark in (course.root / "logs" / ASSIGNMENT).glob("*.graded"):
        mark.unlink()
    assert all(one.succeeded for one in grade_class(course, ASSIGNMENT))
    assert {name: scores(course)[name] for name in kept} == {name: before[name] for name in kept}


def test_the_demo_never_empties_a_folder_that_is_not_its_own(tmp_path: Path) -> None:
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    (tmp_path / "gradebook.db").write_text("precious")
    with pytest.raises(CourseError, match="--into"):
        make_class(Course.open(ROOT), tmp_path, lambda text: None)
    assert (tmp_path / "gradebook.db").read_text() == "precious"

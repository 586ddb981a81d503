"""nbgrader's buttons in JupyterLab, on our notebooks: Validate and Create Assignment."""

import shutil
from pathlib import Path

import nbformat
import pytest
from answers_typed import answer, write_into
from lesson import PANEL, Lesson
from playwright.sync_api import Page, expect
from running_lab import serve
from screens import Screens
from small_class import LESSONS, ROOT, TASK, make_course

LESSON = f"{TASK}/{LESSONS[0]}.ipynb"
RIGHT = {
    "SimpleNet": answer("SimpleNet", "right/last_layer_apart"),
    "explain_time": "It learns the mean over all noise levels.",
}
KINDS = {
    (True, True): "manual",
    (True, False): "tests",
    (False, True): "solution",
    (False, False): "readonly",
}
"""(grade, solution) of a cell → what Create Assignment calls it"""


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "The following cell failed:"),
        (RIGHT, "Your notebook passes all the tests."),
    ],
    ids=["empty", "right"],
)
def test_validate(answers, sentence, tmp_path: Path, home: Path, page: Page, screens: Screens) -> None:
    course = tmp_path / "course"
    (course / "notebooks" / TASK).mkdir(parents=True)
    shutil.copy(ROOT / "nbgrader_config.py", course)
    shutil.copy(ROOT / "notebooks" / LESSON, course / "notebooks" / TASK)
    write_into(course / "notebooks" / LESSON, answers)
    with serve(course, "notebooks", home) as jupyter:
        Lesson.open(page, jupyter, LESSON)
        page.locator(f"{PANEL} .validate-button").click()
        expect(page.get_by_role("dialog")).to_contain_text(sentence, timeout=120_000)
        screens.take_themes(f"extension-validate-{'right' if answers else 'empty'}")


def test_create_assignment(tmp_path: Path, home: Path, page: Page, screens: Screens) -> None:
    course = make_course(tmp_path / "course")
    cells = nbformat.read(course / "solutions" / LESSON, as_version=4).cells
    marks = [cell.metadata.get("nbgrader") for cell in cells]
    with serve(course, ".", home) as jupyter:
        Lesson.open(page, jupyter, f"solutions/{LESSON}")
        page.get_by_role("menuitem", name="Nbgrader").click()
        page.get_by_role("menuitem", name="Create assignment").click()
        shown = page.locator(".nbgrader-CellWidget")
        expect(shown).to_have_count(len(cells))
        kinds = shown.locator("select").evaluate_all("selects => selects.map(select => select.value)")
        assert kinds == [KINDS[mark.grade, mark.solution] if mark else "" for mark in marks]
        total = sum(mark.get("points", 0) for mark in marks if mark)
        expect(page.locator(".nbgrader-TotalPointsInput")).to_have_value(f"{total:g}")
        screens.take_themes("extension-create-assignment")

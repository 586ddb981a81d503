"""Hints, other answers and model answers in JupyterLab: with the keyboard, in both themes, and narrow."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from lesson import PANEL, Lesson
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Page, expect
from running_lab import Jupyter, serve
from screens import Screens

ROOT = Path(__file__).parents[2]
RIGHT = ROOT / "tests" / "answers" / "p_sample" / "right" / "eps_form.py"
TASK, LESSON = "task1_swiss_roll", "03_reverse_process.ipynb"
NOTEBOOK = f"{PANEL} .jp-WindowedPanel-outer"
WORDS = {"grade_id": "explain_noise", "grade": True, "solution": True, "locked": False, "points": 1}


@pytest.fixture
def lab(tmp_path: Path, home: Path) -> Iterator[Jupyter]:
    """A clone of the course, with a short notebook in the place of lesson 03."""
    clone = tmp_path / "clone"
    shutil.copytree(ROOT / "solutions", clone / "solutions", ignore=shutil.ignore_patterns("results"))
    shutil.copytree(ROOT / "tests" / "answers", clone / "tests" / "answers")
    folder = clone / "notebooks" / TASK
    folder.mkdir(parents=True)
    cells = [
        new_code_cell("from labkit.course.ladder import compare, hint, model_answer"),
        new_code_cell(RIGHT.read_text(encoding="utf-8")),
        new_code_cell('hint("p_sample")'),
        new_code_cell('compare("p_sample")'),
        new_markdown_cell(
            "It draws from a distribution.", metadata={"nbgrader": WORDS | {"schema_version": 3}}
        ),
        new_code_cell('model_answer("explain_noise")'),
    ]
    nbformat.write(new_notebook(cells=cells, metadata=_KERNEL), folder / LESSON)
    with serve(clone, f"notebooks/{TASK}/{LESSON}", home) as jupyter:
        yield jupyter


_KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}


def test_the_ladder_and_the_second_looks(lab: Jupyter, page: Page, screens: Screens) -> None:
    lesson = Lesson.open(page, lab, LESSON)
    lesson.run_to("model_answer(")

    hints = lesson.output('hint("')
    idea, parts, look = (hints.get_by_role("group").nth(number) for number in range(3))
    expect(idea).to_contain_text("The network tells which noise")
    expect(parts.get_by_text("Three numbers belong")).to_be_hidden()
    parts.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(parts.get_by_text("Three numbers belong")).to_be_visible()
    expect(look.get_by_text("By hand")).to_be_hidden()
    screens.show(hints)
    screens.take_themes("ladder-hints")
    screens.take_narrow("ladder-hints", NOTEBOOK)

    others = lesson.output('compare("')
    expect(others.get_by_text("Yours", exact=True)).to_be_visible()
    expect(others.locator("pre")).to_have_count(4)
    screens.show(others, at="start")
    screens.take_themes("ladder-compare")
    screens.take_narrow("ladder-compare", NOTEBOOK)

    words = lesson.output("model_answer(")
    expect(words).to_contain_text("Model answer.")
    expect(words.locator("mjx-container").first).to_be_visible()  # its formulas are set
    screens.show(words)
    screens.take_themes("ladder-model-answer")

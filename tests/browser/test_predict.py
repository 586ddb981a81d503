"""A guess is clicked on before a cell runs, and answered below what that cell shows."""

import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from lesson import PANEL, Lesson
from playwright.sync_api import Page, expect
from running_lab import Jupyter, serve
from screens import Screens

from labkit.course.predictions.kept import FILE
from labkit.grading.release.build import read_lesson

ROOT = Path(__file__).parents[2]
NAME = "01_time_conditioned_mlp"
NOTEBOOK = f"{PANEL} .jp-WindowedPanel-outer"


@pytest.fixture
def lab(tmp_path: Path, home: Path) -> Iterator[Jupyter]:
    """Lesson 01, solved, as it is before it is run."""
    folder = tmp_path / "task1_swiss_roll"
    folder.mkdir()
    source = ROOT / "solutions" / folder.name / f"{NAME}.py"
    nbformat.write(read_lesson(source), folder / f"{NAME}.ipynb")
    with serve(tmp_path, f"{folder.name}/{NAME}.ipynb", home) as jupyter:
        yield jupyter


def test_a_guess_is_kept_and_answered(lab: Jupyter, page: Page, screens: Screens) -> None:
    lesson = Lesson.open(page, lab, f"{NAME}.ipynb")
    lesson.run_to('predict("waves")')
    asked = lesson.output('predict("waves")')
    asked.get_by_role("button", name="k = 50 both times").click()
    expect(asked).to_contain_text("Kept: k = 50 both times.")
    asked.get_by_role("button", name="k = 85, then k = 20").click()
    expect(asked).to_contain_text("Kept: k = 85, then k = 20.")
    screens.show(asked)
    screens.take_themes("predict-1-kept")
    screens.take_narrow("predict-1-kept", NOTEBOOK)
    kept = lab.root / FILE
    assert json.loads(kept.read_text()) == {"waves": {"said": "k = 85, then k = 20", "answered": False}}

    lesson.run_to("wave k =")
    shown = lesson.output("wave k =")
    expect(shown).to_contain_text(
        "A surprise. You said: k = 85, then k = 20. The answer: k = 20, then k = 85."
    )
    expect(asked).to_have_text("Your guess: k = 85, then k = 20.")
    screens.show(shown)
    screens.take_themes("predict-2-answered")
    screens.take_narrow("predict-2-answered", NOTEBOOK)

    lesson.run_to('predict("clocks")')
    number = lesson.output('predict("clocks")')
    number.get_by_label("Your guess:").fill("80")
    number.get_by_role("button", name="That is my guess").click()
    expect(number).to_contain_text("Kept: 80 %.")
    screens.show(number)
    screens.take_themes("predict-3-number")
    screens.take_narrow("predict-3-number", NOTEBOOK)
    lesson.run_to("recap(")
    said = lesson.output("recap(")
    expect(said).to_contain_text("1 of 2 as you predicted (1 without a guess)")
    screens.show(said)
    expect(said).to_be_in_viewport()
    screens.take_themes("predict-4-recap")
    lesson.save()
    cells = nbformat.read(lesson.file, as_version=4).cells
    saved = json.dumps([cell.outputs for cell in cells if cell.source.startswith("predict(")])
    assert "Your guess: k = 85, then k = 20." in saved and "widget-view" not in saved

"""A student's first hour, from the start page to handing in: keyboard, links, and one slider."""

import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from answers_typed import answer
from lesson import PANEL, Lesson
from playwright.sync_api import Locator, Page, expect
from running_lab import Jupyter, at_home, serve
from screens import Screens

ROOT = Path(__file__).parents[2]
START, TASK = "00_start_here.ipynb", "task1_swiss_roll"
FIRST, SECOND, FOURTH = (
    f"{TASK}/{name}.ipynb"
    for name in ("01_time_conditioned_mlp", "02_forward_process", "04_train_and_evaluate")
)
NOTEBOOK = f"{PANEL} .jp-WindowedPanel-outer, {PANEL} .cm-scroller"


@pytest.fixture
def lab(tmp_path: Path, home: Path) -> Iterator[Jupyter]:
    """The course as a student has it, opened as `make lab` does."""
    without_runs = shutil.ignore_patterns("results", ".ipynb_checkpoints")
    shutil.copytree(ROOT / "notebooks", tmp_path / "course" / "notebooks", ignore=without_runs)
    with serve(tmp_path / "course", f"notebooks/{START}", home) as jupyter:
        yield jupyter


def test_first_hour(lab: Jupyter, page: Page, screens: Screens, home: Path, record_property) -> None:
    start = Lesson.open(page, lab, START)
    start.run_to("examine()")
    expect(start.output("examine()")).to_contain_text("Packages")
    way = start.output("course_map()")
    expect(way).to_contain_text("○ SimpleNet open")
    screens.show(way)
    screens.take_themes("student-0-start")
    screens.take_narrow("student-0-start", NOTEBOOK)

    started = time.monotonic()
    way.get_by_role("link", name="A network that knows the time").click()
    first = Lesson.opened(page, lab, FIRST)
    first.run_to("plot_data_and_prior(data)")
    picture = first.output("plot_data_and_prior(data)").locator("img")
    expect(picture).to_be_visible()
    record_property("lesson 1: open → first picture", time.monotonic() - started)
    screens.show(picture)
    screens.take_themes("student-1-opened")

    repair_a_named_mistake(first, screens, record_property)
    first.run_to("clocks = sum(")
    screens.show(first.output("network = SimpleNet(").locator("img"))
    screens.take_themes("student-4-figure")
    first.save()

    page.locator(PANEL).get_by_role("link", name="2 · The forward process").first.click()
    second = Lesson.opened(page, lab, SECOND)
    drag_the_slider(second, screens)
    second.save()

    fourth = Lesson.open(page, lab, FOURTH)
    bring_earlier_answers(fourth)
    expect(fourth.output('begin("')).to_contain_text("✓ SimpleNet right")
    screens.take_themes("student-6-earlier-answers")

    hand_in(lab.root, home)


def repair_a_named_mistake(first: Lesson, screens: Screens, record_property) -> None:
    first.run_to("check_SimpleNet")
    verdict = first.output("check_SimpleNet")
    expect(verdict).to_contain_text("A line raise NotImplementedError is still in your code")

    first.type_into("SimpleNet", answer("SimpleNet", "wrong/relu_for_silu"))
    first.run_to("SimpleNet")
    started = time.monotonic()
    first.run_to("check_SimpleNet")
    expect(verdict).to_contain_text("✗ SimpleNet: not yet")
    record_property("lesson 1: check → its verdict", time.monotonic() - started)
    expect(verdict).to_contain_text("ReLU")
    expect(verdict).to_contain_text("0 of 3 points")
    screens.show(verdict)
    screens.take_themes("student-2-mistake")
    screens.take_narrow("student-2-mistake", NOTEBOOK)
    read_more(first, verdict, screens)

    first.type_into("SimpleNet", answer("SimpleNet", "right/last_layer_apart"))
    first.run_to("check_SimpleNet")
    expect(verdict).to_contain_text("✓ SimpleNet: right")
    expect(verdict).to_contain_text("3 of 3 points")
    screens.show(verdict)
    screens.take_themes("student-3-right")


def read_more(first: Lesson, verdict: Locator, screens: Screens) -> None:
    """The page of mistakes opens where this one is explained; once it is closed, the lesson is back."""
    verdict.get_by_role("link", name="More about this mistake").click()
    explained = first.page.get_by_role("heading", name="relu_for_silu", exact=True)
    expect(explained).to_be_in_viewport()
    screens.take_themes("student-2-more-about-it")
    first.page.keyboard.press("Alt+w")
    first.cell(first.number("check_SimpleNet")).locator(".jp-InputPrompt").click()


def drag_the_slider(second: Lesson, screens: Screens) -> None:
    second.run_to("explore_schedule()")
    second.type_into("q_sample", answer("q_sample", "right/extract"))
    second.run_to("check_q_sample")
    expect(second.output("check_q_sample")).to_contain_text("✓ q_sample: right")
    second.run_to("explore_forward(q_sample")

    shown = second.output("explore_forward(q_sample")
    expect(shown).to_contain_text("√ᾱ_t = 1.000")
    before = picture_in(shown)
    screens.show(shown)
    handle, track = (shown.locator(f".noUi-{part}").bounding_box() for part in ("handle", "base"))
    mouse = second.page.mouse
    mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    mouse.down()
    mouse.move(track["x"] + track["width"] / 4, handle["y"] + handle["height"] / 2, steps=5)
    mouse.up()
    expect(shown).to_contain_text(re.compile(r"√ᾱ_t = 0\.\d{3} \(signal\)"))
    assert picture_in(shown) != before
    screens.show(shown, at="end")
    screens.take_themes("student-5-slider")
    screens.take_narrow("student-5-slider", NOTEBOOK)


def bring_earlier_answers(fourth: Lesson) -> None:
    """Two are there; of the third the lesson says where it is to be written."""
    fourth.run_to("earlier_answers")
    expect(fourth.output("earlier_answers")).to_contain_text(
        "p_sample in 03_reverse_process.ipynb is still empty"
    )
    fourth.go_to("earlier_answers")
    fourth.page.keyboard.press("b")
    fourth.page.keyboard.press("Enter")
    fourth.page.keyboard.insert_text("SimpleNet.__name__, q_sample.__name__")
    fourth.page.keyboard.press("Shift+Enter")
    expect(fourth.page.locator(PANEL)).to_contain_text("('SimpleNet', 'q_sample')")


def hand_in(notebooks: Path, home: Path) -> None:
    command = [sys.executable, "-m", "labkit", "submit", f"notebooks/{TASK}", "--student", "ann"]
    done = subprocess.run(command, cwd=notebooks.parent, env=at_home(home), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "p_sample" in done.stdout  # it says what is missing
    with zipfile.ZipFile(notebooks / TASK / "ann.zip") as packed:
        text = packed.read(FIRST).decode()
    assert "self.hidden = nn.ModuleList()" in text


def picture_in(output: Locator) -> list[int]:
    """What its <img> shows, as bytes."""
    return output.locator("img").evaluate(
        "async image => Array.from(new Uint8Array(await (await fetch(image.src)).arrayBuffer()))"
    )

"""What comes next: a small described picture at the end of every lesson, drawn without its answers."""

import re
from pathlib import Path

import jupytext
import pytest

from labkit.course.look_ahead import BEYOND, NEXT, look_ahead
from labkit.course.syllabus import LESSONS, TODOS
from labkit.errors import CourseError

SCRIPTS = sorted((Path(__file__).parents[2] / "solutions").glob("*/[0-9]*.py"))


@pytest.mark.parametrize("to", NEXT)
def test_every_picture_is_small_described_and_always_the_same(to: str) -> None:
    shown = look_ahead(to)
    assert shown.data.startswith(b"\x89PNG") and len(shown.data) < 15 * 1024
    assert len(shown.alt) > 40 and shown.data == look_ahead(to).data


def test_no_two_are_alike() -> None:
    assert len({look_ahead(to).data for to in NEXT}) == len(NEXT) == len(LESSONS)


def test_each_lesson_shows_the_next_and_needs_no_answer_for_it() -> None:
    shown = {}
    for script in SCRIPTS:
        cells = [cell.source for cell in jupytext.read(script).cells if cell.cell_type == "code"]
        for cell in cells:
            if found := re.search(r'^look_ahead\("(\w+)"\)$', cell, re.MULTILINE):
                assert cell.startswith("from labkit.course.look_ahead import look_ahead\n")
                assert cell == cells[-1] and not any(todo in cell for todo in TODOS)
                shown[script.name[:2]] = found[1]
    assert sorted(shown.values()) == sorted(NEXT)
    for number, to in shown.items():
        assert to == BEYOND or int(to) == int(number) + 1


def test_another_lesson_is_refused() -> None:
    with pytest.raises(CourseError, match=r"'02', .* not in '99'"):
        look_ahead("99")

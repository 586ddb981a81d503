"""Numbers, neighbours, tables and the menu are what the syllabus says."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from labkit.course.syllabus import LESSONS

ROOT = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("derived", ROOT / "docs" / "derived.py")
assert spec and spec.loader
derived = importlib.util.module_from_spec(spec)
spec.loader.exec_module(derived)

FILES = [pytest.param(path, text, id=path.name) for path, text in derived.derived()]


def words(text: str) -> list[str]:
    """Whatever the breaks of its comment lines."""
    return text.replace("\n#", "\n").split()


def test_syllabus_scripts_and_judges_agree() -> None:
    assert list(derived.problems()) == []


def test_what_is_forgotten_is_said_in_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    lessons = dict(LESSONS)
    lost = lessons.pop("02_forward_process")
    lessons["nine"] = replace(lost, name="nine", todos=("q_sample", "q_smaple"))
    third = lessons["03_reverse_process"]
    lessons[third.name] = replace(third, todos=("p_sample", "p_smaple"))
    first = lessons["01_time_conditioned_mlp"]
    lessons[first.name] = replace(first, todos="SimpleNet")  # type: ignore[arg-type]
    monkeypatch.setattr(derived, "LESSONS", lessons)
    said = "\n".join(derived.problems())
    for part in (
        "'nine' needs a name that begins with its number, as in 09_nine",
        "The task 'None' has no row in SUBJECTS",
        "The lesson 'nine' has a row in the syllabus, and no",
        "a tuple of one has a comma: ('SimpleNet',)",
        "no cell with the grade_id 'p_smaple'",
        "no cell with the grade_id 'check_p_smaple'",
        "has no heading ## TODO 1 · `p_smaple`",
        "'p_smaple' has no judge",
        "a heading for 'p_sample_loop', which is not in the lesson's row",
        "02_forward_process.py has no row in the syllabus",
    ):
        assert part in said, part


@pytest.mark.parametrize(("path", "text"), FILES)
def test_nothing_is_stale(path: Path, text: str) -> None:
    assert path.read_text(encoding="utf-8") == text, f"{path.name} is stale: run `make notebooks`"


def test_a_lesson_gets_its_number_its_neighbours_and_those_of_its_todos() -> None:
    name = "03_reverse_process"
    text = derived.script_of(name).read_text(encoding="utf-8")
    stale = text.replace("# # 3 · The reverse process", "# # 9 · Another title")
    stale = stale.replace("lesson 3 of 4", "lesson 1 of 2")
    stale = stale.replace("02_forward_process.ipynb", "gone.ipynb", 1)
    stale = stale.replace("TODO 4 · `p_sample_loop`", "TODO 40 · `p_sample_loop`")
    assert stale.count("\n") == text.count("\n") and stale != text
    assert words(derived.lesson_text(stale, name)) == words(text)


def test_a_lesson_without_a_heading_is_named() -> None:
    with pytest.raises(SystemExit, match="03_reverse_process: its first cell begins with a heading"):
        derived.lesson_text("# %% [markdown]\n# Hello\n", "03_reverse_process")


def test_tables_and_menu_have_every_lesson() -> None:
    for made in (derived.readme(), derived.students(), derived.menu()):
        assert all(lesson.title in made or f"/{name}.md" in made for name, lesson in LESSONS.items())

"""Numbers, neighbours, tables and the menu are what the syllabus says."""

import importlib.util
import os
import shutil
import subprocess
import sys
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
    assert list(derived.problems()) == [] and derived.without_judge() == []


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
    with pytest.raises(SystemExit, match=r"03_reverse_process\.py: its first cell begins with a heading"):
        derived.lesson_text("# %% [markdown]\n# Hello\n", "03_reverse_process")


def test_a_line_without_its_star_costs_nothing_below_it() -> None:
    name = "03_reverse_process"
    text = derived.script_of(name).read_text(encoding="utf-8")
    with pytest.raises(SystemExit, match="below it, a line"):
        derived.lesson_text(text.replace(".ipynb)*\n", ".ipynb)\n", 1), name)


def test_another_subject_is_another_heading(monkeypatch: pytest.MonkeyPatch) -> None:
    before = derived.readme()
    monkeypatch.setattr(derived, "SUBJECTS", dict.fromkeys(derived.SUBJECTS, "a cat"))
    made = derived.readme()
    assert made.count("## Task 1: a cat from noise") == made.count("## Task 2: a cat from noise") == 1
    assert made.count("\n") == before.count("\n")


def test_a_broken_syllabus_is_told_in_sentences(tmp_path: Path) -> None:
    for part in ("labkit", "solutions", "docs"):
        shutil.copytree(ROOT / part, tmp_path / part)
    syllabus = tmp_path / "labkit" / "course" / "syllabus.py"
    text = syllabus.read_text(encoding="utf-8")
    broken = text.replace('("add_noise", "cosine_betas")', '("add_noise", "cosine_beta")')
    broken = broken.replace('("SimpleNet",)', '("SimpleNet")')
    assert broken.count("\n") == text.count("\n") and broken != text
    syllabus.write_text(broken, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "docs/derived.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "no cell with the grade_id 'cosine_beta'" in done.stderr
    assert "a tuple of one has a comma: ('SimpleNet',)" in done.stderr


def test_tables_and_menu_have_every_lesson() -> None:
    for made in (derived.readme(), derived.students(), derived.menu()):
        assert all(lesson.title in made or f"/{name}.md" in made for name, lesson in LESSONS.items())

"""The course's map and the head of a lesson show what the saved notebooks say."""

import json
import re
import shutil
import sys
import types
from pathlib import Path

import pytest

from labkit.checks.verdict import MIME
from labkit.course.begin import begin, course_map
from labkit.course.syllabus import LESSONS, TODOS, assignment_of
from labkit.errors import CourseError

ROOT = Path(__file__).parents[2]
TASK1 = "task1_swiss_roll"


def save(path: Path, *verdicts: tuple[str, bool]) -> None:
    outputs = [{"data": {MIME: {"todo": todo, "passed": passed}}} for todo, passed in verdicts]
    path.write_text(json.dumps({"cells": [{"outputs": [output]} for output in outputs]}))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / TASK1).mkdir()
    save(tmp_path / TASK1 / "01_time_conditioned_mlp.ipynb", ("SimpleNet", True))
    save(tmp_path / TASK1 / "03_reverse_process.ipynb", ("p_sample", False))
    return tmp_path


def test_the_map_shows_what_passed(folder: Path) -> None:
    lines = str(course_map(folder)).splitlines()
    assert len(lines) == len(LESSONS) == 8
    assert lines[0] == "01 A network that knows the time (45 min)  ✓ SimpleNet"
    assert lines[1].endswith("○ q_sample")
    assert lines[2].endswith("✗ p_sample  ○ p_sample_loop")
    assert lines[6] == "07 Train animal faces (80 min)  ○ ema_update  ○ train_step"


def test_the_map_links_every_lesson(folder: Path) -> None:
    page = course_map(folder)._repr_mimebundle_()["text/html"]
    links = re.findall(r"href='([^']+)'", page)
    assert len(links) == 8 and all((ROOT / "notebooks" / link).is_file() for link in links)


def test_a_lesson_shows_its_own_task(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder / TASK1)
    assert str(begin("02_forward_process")) == "\n".join(str(course_map(folder)).splitlines()[:4])


def test_the_last_check_counts(folder: Path) -> None:
    save(folder / TASK1 / "01_time_conditioned_mlp.ipynb", ("SimpleNet", True), ("SimpleNet", False))
    assert "✗ SimpleNet" in str(course_map(folder))


def test_a_broken_letter_hides_no_progress(folder: Path) -> None:
    path = folder / TASK1 / "01_time_conditioned_mlp.ipynb"
    path.write_bytes(path.read_bytes().replace(b'{"cells": [', b'{"cells": ["\xe9", '))
    assert "✓ SimpleNet" in str(course_map(folder))


@pytest.mark.parametrize(
    "text", ["", "[]", '{"cells": 3}', '{"cells": [{"outputs": [{"data": []}]}]}', "\x00"]
)
def test_a_broken_notebook_shows_no_progress(text: str, folder: Path) -> None:
    (folder / TASK1 / "01_time_conditioned_mlp.ipynb").write_text(text)
    assert "○ SimpleNet" in str(course_map(folder))


def test_solved_lessons_are_all_right() -> None:
    shown = str(course_map(ROOT / "solutions"))
    assert shown.count("✓") == len(TODOS) and "○" not in shown and "✗" not in shown


@pytest.mark.parametrize("lesson", LESSONS)
def test_titles_and_times_are_those_of_the_lessons(lesson: str) -> None:
    assignment = assignment_of(lesson)
    text = (ROOT / "solutions" / assignment / f"{lesson}.py").read_text(encoding="utf-8")
    assert f"# # {int(lesson[:2])} · {LESSONS[lesson].title}\n" in text
    assert f"· about {LESSONS[lesson].minutes} minutes" in text
    assert f'begin("{lesson}")' in text


def test_an_unknown_lesson_and_a_drive_that_is_none_are_sentences() -> None:
    with pytest.raises(CourseError, match="There is no lesson '09'"):
        begin("09")
    with pytest.raises(CourseError, match="on Colab only"):
        begin("02_forward_process", drive=True)


def test_colab_keeps_work_in_the_drive(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """google.colab exists on Colab alone: a module of its shape stands in, and a folder for its drive."""
    import labkit.course.begin

    drive = folder / "drive" / "MyDrive" / "ddpm-lab"
    monkeypatch.setattr(labkit.course.begin, "DRIVE", drive)
    mounted: list[str] = []
    colab = types.ModuleType("google.colab")
    colab.drive = types.SimpleNamespace(mount=mounted.append)  # type: ignore[attr-defined]
    google = types.ModuleType("google")
    google.colab = colab  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google", google)
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    monkeypatch.chdir(folder)
    shutil.copytree(folder / TASK1, drive / TASK1)
    assert "✓ SimpleNet" in str(begin("02_forward_process", drive=True))
    assert Path.cwd() == drive / TASK1 and mounted == ["/content/drive"]

"""Model answers stay in the course's repository: what students are given has none, and says so."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from labkit.cli import app
from labkit.course.clone import Clone
from labkit.course.ladder import NOT_RELEASED
from labkit.course.syllabus import TASKS, TODOS
from labkit.grading.release.build import read_lesson

ROOT = Path(__file__).parents[2]
TASK1 = "task1_swiss_roll"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `labkit release` makes of the course."""
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    for assignment, lessons in TASKS.items():
        (course / "solutions" / assignment).mkdir(parents=True)
        for lesson in lessons:
            solved = read_lesson(ROOT / "solutions" / assignment / f"{lesson.name}.py")
            nbformat.write(solved, course / "solutions" / assignment / f"{lesson.name}.ipynb")
        outcome = CliRunner().invoke(app, ["release", assignment, "--course", str(course)])
        assert outcome.exit_code == 0, outcome.output
    shutil.rmtree(course / "solutions")
    return course / "notebooks"


def texts(released: Path) -> dict[str, str]:
    """All that students are given: file → text."""
    found = {str(path): path.read_text("utf-8") for path in released.rglob("*.ipynb")}
    for wheel in released.rglob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            found |= {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}
    return found


def test_a_release_holds_no_model_answer(released: Path) -> None:
    clone, given = Clone(ROOT), texts(released)
    words = [line for answer in clone.model_answers.values() for line in answer.markdown.splitlines()]
    sentences = [other.says for todo in TODOS for other in clone.other_answers(todo)]
    lines = [line for line in (*words, *sentences) if len(line) > 25]
    assert len(lines) > 100 and len(given) > 150
    told = "\n".join(given.values())
    assert [line for line in lines if line in told or line.replace("\\", "\\\\") in told] == []
    assert not [name for name in given if "right/" in name or "second_looks" in name or "solutions" in name]


ASKS = """
import labkit, torch
from labkit.course.ladder import compare, hint, model_answer
print("labkit:", labkit.__file__)
exec(open("mine.py").read())
compare("q_sample"); model_answer("explain_time"); hint("q_sample")
"""


def test_with_the_wheel_alone_there_are_hints_and_a_sentence(released: Path, tmp_path: Path) -> None:
    (wheel,) = (released / TASK1).glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    folder = shutil.copytree(released / TASK1, tmp_path / TASK1)
    shutil.copy(ROOT / "tests" / "answers" / "q_sample" / "right" / "extract.py", folder / "mine.py")
    done = subprocess.run(
        [sys.executable, "-c", ASKS],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert f"labkit: {tmp_path / 'site'}" in done.stdout
    assert done.stdout.count(NOT_RELEASED) == 2 and "1. The idea. " in done.stdout
    assert "```" not in done.stdout

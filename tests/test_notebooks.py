"""The course itself: sources, solved notebooks and released ones belong together, and give nothing away."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbgrader.utils import is_solution

from labkit.course.syllabus import LESSONS as SYLLABUS
from labkit.course.syllabus import TASKS, TODOS, names_of
from labkit.grading.course_folder import Course
from labkit.grading.release.build import execute, execute_changed, read_lesson, release_into

ROOT = Path(__file__).parents[1]
LESSONS = [(assignment, notebook) for assignment in TASKS for notebook in names_of(assignment)]
lessons = pytest.mark.parametrize(("assignment", "notebook"), LESSONS, ids=[name for _, name in LESSONS])


def solved(assignment: str, notebook: str) -> NotebookNode:
    return nbformat.read(ROOT / "solutions" / assignment / f"{notebook}.ipynb", as_version=4)


def released(assignment: str, notebook: str) -> NotebookNode:
    return nbformat.read(ROOT / "notebooks" / assignment / f"{notebook}.ipynb", as_version=4)


def text_of(notebook: NotebookNode) -> str:
    return "\n".join(cell.source for cell in notebook.cells)


@pytest.mark.parametrize("assignment", TASKS)
def test_rebuilding_changes_nothing(assignment: str, tmp_path: Path) -> None:
    course = Course.open(ROOT)
    target = tmp_path / "solutions" / assignment
    shutil.copytree(ROOT / "solutions" / assignment, target)
    assert execute_changed(ROOT / "solutions" / assignment, target, force=False) == []
    release_into(course, tmp_path / "solutions", assignment, tmp_path / "notebooks" / assignment)
    for path in (tmp_path / "notebooks" / assignment).glob("*.ipynb"):
        assert path.read_text() == (ROOT / "notebooks" / assignment / path.name).read_text(), path.name
    assert len(list((tmp_path / "notebooks" / assignment).glob("*.ipynb"))) == len(TASKS[assignment])


@pytest.mark.parametrize("assignment", TASKS)
def test_solved_notebooks_run_and_print_the_same(assignment: str, tmp_path: Path) -> None:
    """nbval runs every cell, training too, and compares the outputs that do not depend on the machine."""
    for path in (ROOT / "solutions" / assignment).glob("*.ipynb"):
        shutil.copy(path, tmp_path)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--nbval",
        "--nbval-cell-timeout=900",
        "-q",
        "-p",
        "no:cacheprovider",
    ]
    smoke = os.environ | {"LABKIT_PROFILE": "smoke"}  # Task 2 in seconds a training
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, env=smoke)
    assert done.returncode == 0, done.stdout[-8000:]
    passed = int(re.search(r"(\d+) passed", done.stdout)[1])
    cells = [cell for name in names_of(assignment) for cell in solved(assignment, name).cells]
    assert passed == sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in cells)


@lessons
def test_released_notebooks_give_nothing_away(assignment: str, notebook: str) -> None:
    student, teacher = released(assignment, notebook), solved(assignment, notebook)
    text = text_of(student)
    for marker in ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME", "Rubric", "Model answer"):
        assert marker not in text
    region = re.compile(r"### BEGIN SOLUTION.*?\n(.*?)### END SOLUTION", re.DOTALL)
    answers, lesson = region.findall(text_of(teacher)), region.sub("", text_of(teacher))
    by_hand = [cell for cell in teacher.cells if cell.cell_type == "markdown" and is_solution(cell)]
    assert len(answers) >= len(SYLLABUS[notebook].todos) + len(by_hand)
    for answer in answers:
        lines = [line.strip() for line in answer.splitlines() if len(line.strip()) > 25]
        assert lines and not [line for line in lines if line in text and line not in lesson]
    stubs = text.count("raise NotImplementedError") - text_of(teacher).count("raise NotImplementedError")
    assert stubs >= len(SYLLABUS[notebook].todos)
    for todo in SYLLABUS[notebook].todos:
        assert f"TODO {todo}" in text
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in student.cells)
    assert "jupytext" not in str(student.metadata) + str(teacher.metadata)


@lessons
def test_a_lesson_reads_as_a_lesson(assignment: str, notebook: str) -> None:
    cells = read_lesson(ROOT / "solutions" / assignment / f"{notebook}.py").cells
    assert all(len(cell.source.splitlines()) <= 25 for cell in cells if cell.cell_type == "code")
    graded = {cell.metadata.nbgrader.grade_id: cell for cell in cells if "nbgrader" in cell.metadata}
    for todo in SYLLABUS[notebook].todos:
        points = graded[f"check_{todo}"].metadata.nbgrader.points
        assert graded[f"check_{todo}"].source == f'check("{todo}", points={points})'
    links = re.findall(r"\]\((\d\d_\w+)\.ipynb\)", text_of(solved(assignment, notebook)))
    assert set(links) <= set(names_of(assignment))


def test_the_start_page_is_built_from_its_source_and_runs(tmp_path: Path) -> None:
    page = read_lesson(ROOT / "solutions" / "00_start_here.py")
    kept = nbformat.read(ROOT / "notebooks" / "00_start_here.ipynb", as_version=4)
    assert [cell.source for cell in kept.cells] == [cell.source for cell in page.cells]
    execute(page, "00_start_here.py", ROOT / "notebooks")
    shown = [output.data["text/plain"] for cell in page.cells for output in cell.get("outputs", [])]
    assert "○ SimpleNet" in shown[0] and "Python:" in shown[1]
    for link in re.findall(r"\]\(([^)]+)\)", text_of(page)):
        assert (ROOT / "notebooks" / link).is_file(), link


@lessons
def test_files_stay_small(assignment: str, notebook: str) -> None:
    assert (ROOT / "solutions" / assignment / f"{notebook}.ipynb").stat().st_size < 350_000
    assert (ROOT / "notebooks" / assignment / f"{notebook}.ipynb").stat().st_size < 60_000


def points_of(assignment: str) -> dict[str, float]:
    """grade_id → points, of an assignment's graded cells."""
    cells = [cell for name in names_of(assignment) for cell in solved(assignment, name).cells]
    marks = [cell.metadata.nbgrader for cell in cells if "nbgrader" in cell.metadata]
    return {mark.grade_id: mark.points for mark in marks if "points" in mark}


def by_hand(points: dict[str, float]) -> float:
    return sum(worth for name, worth in points.items() if not name.startswith("check_"))


def test_points_of_task_1_are_those_of_the_rubric() -> None:
    points = points_of("task1_swiss_roll")
    assert sum(points.values()) == 40 and by_hand(points) == 8
    assert points["check_trained_model"] == 10
    assert points["check_forward_figure"] + points["explain_forward_figure"] == 10


def test_points_of_task_2_are_those_of_the_rubric() -> None:
    points = points_of("task2_images")
    assert sum(points.values()) == 70 and by_hand(points) == 16
    assert points["check_face_quality"] == 16
    for part in ("predictors", "trajectories"):
        assert points[f"check_{part}"] + points[f"explain_{part}"] == 8
    for todo in ("ema_update", "train_step", "feature_moments", "frechet_distance"):
        assert points[f"check_{todo}"] == 2
    assert len(TODOS) == 18

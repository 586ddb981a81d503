"""The course's map and the head of a lesson show what the saved notebooks say."""

import copy
import html
import json
import re
import shutil
import sys
import types
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from labkit.checks.verdict import MIME, Verdict
from labkit.course.begin import begin, course_map
from labkit.course.predictions import Guess, keep
from labkit.course.predictions.kept import FILE
from labkit.course.syllabus import LESSONS, TODOS, assignment_of
from labkit.errors import CourseError

ROOT = Path(__file__).parents[2]
TASK1, TASK2 = "task1_swiss_roll", "task2_images"
LOOKED_AT = {look: name for name, lesson in LESSONS.items() for look in lesson.looks}


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
    assert lines[1].endswith("○ q_sample  ○ forward_figure")
    assert lines[2].endswith("✗ p_sample  ○ p_sample_loop")
    assert lines[3].endswith("○ compute_loss  ○ 0 of 1 run  ○ trained_model")
    assert lines[6].startswith("07 Train animal faces (80 min)  ○ ema_update  ○ train_step  ")
    assert lines[6].endswith("○ 0 of 5 runs  ○ predictors  ○ trajectories")


def train(run: Path, steps: int, done: int) -> None:
    (run / "checkpoints").mkdir(parents=True)
    (run / "config.json").write_text(json.dumps({"steps": steps}))
    (run / "checkpoints" / f"step-{done:06d}.safetensors").touch()


def test_the_map_shows_which_runs_are_there(folder: Path) -> None:
    lesson = LESSONS["07_train_animal_faces"]
    for run, done in zip(lesson.runs, (40, 40, 20), strict=False):  # the third is half trained
        train(folder / TASK2 / run, 40, done)
    (folder / TASK2 / lesson.runs[3]).mkdir(parents=True)
    (folder / TASK2 / lesson.runs[3] / "config.json").write_text("{")
    assert "◐ 2 of 5 runs" in str(course_map(folder))
    (folder / TASK2 / lesson.runs[2] / "checkpoints" / "step-000040.safetensors").touch()
    for run in lesson.runs[3:]:
        shutil.rmtree(folder / TASK2 / run, ignore_errors=True)
        train(folder / TASK2 / run, 40, 40)
    assert "✓ 5 of 5 runs" in str(course_map(folder))
    assert "✓&nbsp;5&nbsp;of&nbsp;5&nbsp;runs" in course_map(folder)._repr_mimebundle_()["text/html"]


def test_the_map_shows_every_look(folder: Path) -> None:
    for number, (look, lesson) in enumerate(LOOKED_AT.items()):
        path = folder / assignment_of(lesson) / f"{lesson}.ipynb"
        path.parent.mkdir(exist_ok=True)
        save(path, (look, True))
        assert str(course_map(folder)).count("✓") == 2, number  # and SimpleNet
        assert f"✓ {look}" in str(course_map(folder))
        save(path)


def test_a_share_of_the_points_is_not_shown_as_all_of_them(folder: Path) -> None:
    verdict = Verdict("trained_model", 0.8, None, "it draws").as_json()
    cells = [{"outputs": [{"data": {MIME: verdict}}]}]
    (folder / TASK1 / "04_train_and_evaluate.ipynb").write_text(json.dumps({"cells": cells}))
    shown = course_map(folder)
    assert "◐ trained_model" in str(shown) and "✓ trained_model" not in str(shown)
    page = shown._repr_mimebundle_()["text/html"]
    assert "◐&nbsp;<code>trained_model</code>&nbsp;partly&nbsp;right" in page


def run_notebook(path: Path, *sources: str) -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}).execute()
    nbformat.write(notebook, path)
    return notebook


ANSWER = """import torch
def q_sample(schedule, x0, t, noise=None):
    noise = torch.randn_like(x0) if noise is None else noise
    alphas_cumprod = schedule.alphas_cumprod[t][:, None]
    return alphas_cumprod.sqrt() * x0 + (1 - alphas_cumprod).sqrt() * noise"""
CHECK = "from labkit.checks import check\ncheck('q_sample')"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> nbformat.NotebookNode:
    """A notebook as it is saved after a check: magic, an answer, the check."""
    path = tmp_path_factory.mktemp("checked") / "02_forward_process.ipynb"
    return run_notebook(path, "%%time\n" + ANSWER, CHECK, "q_sample = None")


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (lambda source: source, "✓"),
        (lambda source: source.replace("    return", "    # the mean, and the noise\n\n    return"), "✓"),
        (lambda source: source.replace("(1 - alphas_cumprod).sqrt()", "(1 - alphas_cumprod)"), "↻"),
        (lambda source: source.replace("q_sample", "sample"), "✓"),
        (lambda source: "(" + source, "✓"),
    ],
    ids=["nothing", "a comment", "the code", "the name", "no Python"],
)
def test_a_verdict_on_other_code_does_not_count(change, shown: str, checked, folder: Path) -> None:
    """Where nobody can tell, it counts."""
    notebook = copy.deepcopy(checked)
    notebook.cells[0].source = change(notebook.cells[0].source)
    nbformat.write(notebook, folder / TASK1 / "02_forward_process.ipynb")
    seen = course_map(folder)
    assert f"{shown} q_sample" in str(seen)
    page = seen._repr_mimebundle_()["text/html"]
    assert ("changed&nbsp;since&nbsp;its&nbsp;check" in page) == (shown == "↻")


def test_what_stands_below_a_check_changes_nothing(checked, folder: Path) -> None:
    notebook = copy.deepcopy(checked)
    notebook.cells.append(nbformat.v4.new_code_cell("def q_sample():\n    pass"))
    nbformat.write(notebook, folder / TASK1 / "02_forward_process.ipynb")
    assert "✓ q_sample" in str(course_map(folder))


def test_the_map_lists_what_was_not_as_predicted(folder: Path) -> None:
    keep(folder / TASK1, "clocks", Guess(30, answered=True))
    keep(folder / TASK1, "two_curves", Guess("only SimpleNet's moves", answered=True))
    keep(folder / TASK1, "std_one", Guess(999))
    shown = course_map(folder)
    line = "Lesson 1, the clocks' share of the parameters: 82 % (you said: 30 %)"
    assert str(shown).splitlines()[8:] == ["What surprised you:", line]
    page = shown._repr_mimebundle_()["text/html"]
    assert page.endswith(f"<p><b>What surprised you</b></p><ul><li>{html.escape(line)}</li></ul>")
    (folder / TASK1 / FILE).write_text("{")
    assert len(str(course_map(folder)).splitlines()) == 8


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
    assert all(f"✓ {name}" in shown for name in (*TODOS, *LOOKED_AT))


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

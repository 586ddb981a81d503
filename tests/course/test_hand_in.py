"""What `labkit submit` packs, and what it says."""

import json
import os
import shutil
from pathlib import Path

import pytest
from student_folder import ASSIGNMENT, NOTEBOOKS, write_notebook
from typer.testing import CliRunner

from labkit.cli import app
from labkit.course import hand_in
from labkit.course.hand_in import ALLOWED, submit
from labkit.course.syllabus import SWISS_ROLL_RUN
from labkit.errors import CourseError


def test_submit_finds_the_folder_from_anywhere_in_the_course(work, tmp_path, monkeypatch):
    below = work / "results"
    below.mkdir(exist_ok=True)
    monkeypatch.chdir(below)
    name = work.relative_to(work.parent.parent)
    assert submit(name, "ann", tmp_path).files == submit(work, "ann", tmp_path).files


def test_the_zip_lies_beside_the_notebooks_and_its_whole_path_is_said(work, tmp_path, monkeypatch):
    """JupyterLab's terminals open elsewhere than its file browser."""
    monkeypatch.chdir(tmp_path)
    name = str(work.relative_to(tmp_path))
    for _ in range(2):  # the zip that is there is no work
        done = CliRunner().invoke(app, ["submit", name, "--student", "ann"], env={"COLUMNS": "40"})
        assert f"Packed 6 files into {work.resolve() / 'ann.zip'} (" in done.stdout, done.output
    assert [path.parent for path in tmp_path.rglob("ann.zip")] == [work]
    said = json.loads(CliRunner().invoke(app, ["submit", name, "--student", "ann", "--json"]).stdout)
    assert said["zip"] == str(work.resolve() / "ann.zip")


def test_submit_says_what_is_missing(work, tmp_path):
    (work / NOTEBOOKS[0]).unlink()
    write_notebook(work / NOTEBOOKS[1], 'raise NotImplementedError("TODO q_sample: write your code here")')
    (work / NOTEBOOKS[2]).write_text("not a notebook")
    os.rename(work / "results", work / "elsewhere")
    missing = submit(work, "ann", tmp_path).missing
    assert len(missing) == 4
    for sentence, word in zip(
        missing, (NOTEBOOKS[0], "TODO q_sample", NOTEBOOKS[2], SWISS_ROLL_RUN), strict=True
    ):
        assert word in sentence


def test_submit_says_that_a_run_is_not_finished_and_leaves_what_a_kill_left(work, tmp_path):
    (work / SWISS_ROLL_RUN / "config.json").write_text('{"steps": 3000}')
    for half in (f"{SWISS_ROLL_RUN}/.metrics.csv.tmp", "results/report.html.123.part"):
        (work / half).write_bytes(b"half")
    packed = submit(work, "ann", tmp_path)
    assert len(packed.missing) == 1 and "is not finished" in packed.missing[0]
    assert not [name for name in packed.files if name.endswith((".tmp", ".part"))]
    (work / SWISS_ROLL_RUN / "config.json").write_text("{}")
    assert "is not finished" in submit(work, "ann", tmp_path).missing[0]


def test_submit_says_that_collect_would_refuse_it(work, tmp_path, monkeypatch):
    monkeypatch.setattr(hand_in, "MAX_BYTES", 10)
    (sentence,) = submit(work, "ann", tmp_path).missing
    assert "more than the course takes" in sentence


@pytest.mark.parametrize("name", [ASSIGNMENT, "elsewhere"])
def test_submit_writes_nothing_without_a_notebook(name, tmp_path):
    (tmp_path / name).mkdir()
    with pytest.raises(CourseError, match=r"none of the notebooks|not the folder of an assignment"):
        submit(tmp_path / name, "ann", tmp_path)
    assert not list(tmp_path.glob("*.zip*"))


def test_a_name_that_collect_would_refuse_is_refused_at_once(tmp_path: Path) -> None:
    work = tmp_path / "task1_swiss_roll"
    work.mkdir()
    (work / "01_time_conditioned_mlp.ipynb").write_text(json.dumps({"cells": []}))
    for name in ("a/b", "../ann", "ann!", ""):
        with pytest.raises(CourseError, match="--student"):
            submit(work, name, tmp_path)
    assert not list(tmp_path.glob("**/*.zip"))


def released(assignment: str = ASSIGNMENT) -> Path:
    return Path(__file__).parents[2] / "notebooks" / assignment


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A folder as students get it."""
    return shutil.copytree(released(), tmp_path / "fresh" / ASSIGNMENT)


def answer(path: Path, text: str = "def q_sample(): pass", to: Path | None = None) -> None:
    """Write an answer into lesson 2, and save it as `to`."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(
        c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "q_sample"
    )
    cell["source"] = text
    (to or path).write_text(json.dumps(notebook), encoding="utf-8")


COPIES = [
    f"Copy of {NOTEBOOKS[1]}",
    "02_forward_process-Copy1.ipynb",
    "02_forward_process (1).ipynb",
    "mine.ipynb",
]


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("original", ["as released", "missing", "broken"])
def test_submit_says_that_a_copy_wants_its_lessons_name_and_packs_it(copy, original, fresh, tmp_path) -> None:
    own = fresh / NOTEBOOKS[1]
    answer(own, to=fresh / copy)
    if original == "missing":
        own.unlink()
    elif original == "broken":
        own.write_text("<html>")
    packed = submit(fresh, "ann", tmp_path)
    (sentence,) = packed.warnings
    assert copy in sentence and f"rename yours to {NOTEBOOKS[1]}" in sentence
    assert copy in packed.files and f"{NOTEBOOKS[1]} is missing." not in packed.missing
    assert not [said for said in packed.missing if "TODO q_sample" in said]


def test_submit_packs_a_folder_in_which_all_are_renamed(fresh: Path, tmp_path: Path) -> None:
    for name in NOTEBOOKS:
        (fresh / name).rename(fresh / f"Copy of {name}")
    packed = submit(fresh, "ann", tmp_path)
    assert len(packed.files) == len(packed.warnings) == 4


def test_submit_names_a_copy_that_will_not_be_graded(fresh: Path, tmp_path: Path) -> None:
    answer(fresh / NOTEBOOKS[1])
    assert submit(fresh, "ann", tmp_path).warnings == []
    answer(fresh / NOTEBOOKS[1], "def q_sample(): return 1", to=fresh / COPIES[0])
    packed = submit(fresh, "ann", tmp_path)
    (sentence,) = packed.warnings
    assert f"{COPIES[0]!r} is not graded" in sentence
    assert {COPIES[0], NOTEBOOKS[1]} <= set(packed.files)


def test_copies_that_say_nothing_new_are_not_mentioned(fresh: Path, tmp_path: Path) -> None:
    answer(fresh / NOTEBOOKS[1])
    shutil.copy(fresh / NOTEBOOKS[1], fresh / COPIES[1])
    shutil.copy(released() / NOTEBOOKS[1], fresh / COPIES[2])
    shutil.copy(released("task2_images") / "05_noise_schedules.ipynb", fresh)
    write_notebook(fresh / "notes.ipynb", "x = 1")
    packed = submit(fresh, "ann", tmp_path)
    assert packed.warnings == []
    assert [name for name in packed.files if name.endswith(".ipynb")] == NOTEBOOKS


def test_submit_says_which_outputs_make_a_notebook_large(fresh, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(hand_in, "LARGE", 10**6)
    notebook = json.loads((fresh / NOTEBOOKS[1]).read_text(encoding="utf-8"))
    cell = {"cell_type": "code", "execution_count": 1, "id": "a", "metadata": {}, "source": ["show()\n", "1"]}
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 3 * 2**20}]
    notebook["cells"].insert(3, cell)
    (fresh / NOTEBOOKS[1]).write_text(json.dumps(notebook), encoding="utf-8")
    (sentence,) = submit(fresh, "ann", tmp_path).warnings
    assert f"{NOTEBOOKS[1]} has 3 MB" in sentence and "'show()'" in sentence


def test_submit_says_what_else_makes_a_notebook_large(fresh, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(hand_in, "LARGE", 10**6)
    much = "x" * 3 * 2**20

    def said(notebook: dict) -> str:
        (fresh / NOTEBOOKS[1]).write_text(json.dumps(notebook), encoding="utf-8")
        (sentence,) = submit(fresh, "ann", tmp_path).warnings
        assert sentence.startswith(f"{NOTEBOOKS[1]} has ")
        return sentence

    released = (fresh / NOTEBOOKS[1]).read_text(encoding="utf-8")
    words = {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "See ![x](attachment:x.png)"}
    pasted = json.loads(released)
    pasted["cells"].append(words | {"attachments": {"x.png": {"image/png": much}}})
    assert "pasted into the cell that begins with 'See" in (sentence := said(pasted))
    assert "Clear Cell Output" not in sentence
    written = json.loads(released)
    written["cells"].append(words | {"source": f"Look\n{much}"})
    assert "the text of the cell that begins with 'Look'" in said(written)
    spread = json.loads(released)
    output = {"output_type": "stream", "name": "stdout", "text": much}
    spread["cells"] += [
        {"cell_type": "code", "id": f"a{i}", "metadata": {}, "source": "show()", "outputs": [output]}
        for i in range(4)
    ]
    assert "in the outputs of its cells: choose Edit → Clear Outputs of All Cells" in said(spread)
    widgets = json.loads(released)
    widgets["metadata"]["widgets"] = {"state": much}
    assert "what widgets left in the file" in (sentence := said(widgets)) and "cell that" not in sentence


def test_a_large_notebook_without_cells_is_no_failure(fresh, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(hand_in, "LARGE", 10**6)
    empty = {"cells": [], "metadata": {"widgets": "x" * 2 * 2**20}}
    (fresh / NOTEBOOKS[1]).write_text(json.dumps(empty), encoding="utf-8")
    (sentence,) = submit(fresh, "ann", tmp_path).warnings
    assert f"{NOTEBOOKS[1]} has 2 MB" in sentence


@pytest.mark.parametrize("points", [{}, {"points": None}, {"points": 10**400}])
def test_a_test_that_lost_its_points_is_an_edited_cell(points: dict, fresh: Path, tmp_path: Path) -> None:
    notebook = json.loads((fresh / NOTEBOOKS[1]).read_text(encoding="utf-8"))
    marks = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"]]
    mark = next(mark for mark in marks if mark.get("grade_id") == "check_q_sample")
    del mark["points"]
    mark |= points
    (fresh / NOTEBOOKS[1]).write_text(json.dumps(notebook), encoding="utf-8")
    (sentence,) = submit(fresh, "ann", tmp_path).warnings
    assert "check_q_sample" in sentence and "puts it back" in sentence


def test_what_a_name_may_have_is_said_in_full(work: Path, tmp_path: Path) -> None:
    assert submit(work, "Ann Lee", tmp_path).path.name == "Ann Lee.zip" and "spaces" in ALLOWED


def test_submit_says_that_an_edited_cell_of_the_course_is_put_back(fresh: Path, tmp_path: Path) -> None:
    assert submit(fresh, "ann", tmp_path).warnings == []  # nbgrader's checksum is understood
    text = (fresh / NOTEBOOKS[1]).read_text(encoding="utf-8")
    (fresh / NOTEBOOKS[1]).write_text(
        text.replace('check(\\"q_sample\\"', 'print(\\"q_sample\\"'), encoding="utf-8"
    )
    (sentence,) = submit(fresh, "ann", tmp_path).warnings
    assert "check_q_sample" in sentence and "puts it back" in sentence


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def q_sample(x):\n    return (x * 2", "line 2, '(' was never closed"),
        ("def q_sample(x):\nreturn x", "line 2, expected an indented block"),
        ("!ls\nname?\ndef q_sample(x):\n    return x", ""),
    ],
)
def test_submit_says_which_answer_is_no_python(code: str, said: str, fresh: Path, tmp_path: Path) -> None:
    answer(fresh / NOTEBOOKS[1], code)
    warnings = submit(fresh, "ann", tmp_path).warnings
    assert len(warnings) == bool(said)
    assert not said or f"The code of q_sample in {NOTEBOOKS[1]} does not run: {said}" in warnings[0]


def test_line_ends_of_windows_are_no_edit(fresh: Path, tmp_path: Path) -> None:
    text = (fresh / NOTEBOOKS[1]).read_text(encoding="utf-8")
    (fresh / NOTEBOOKS[1]).write_text(text.replace("\\n", "\\r\\n"), encoding="utf-8")
    assert submit(fresh, "ann", tmp_path).warnings == []


@pytest.mark.parametrize("data", ["not a notebook", "[]", '{"cells": 3}', "[" * 10**5, ""])
def test_submit_says_what_is_no_notebook(data: str, work: Path, tmp_path: Path) -> None:
    (work / NOTEBOOKS[1]).write_text(data)
    (sentence,) = submit(work, "ann", tmp_path).missing
    assert sentence.startswith(f"{NOTEBOOKS[1]} is not a readable notebook")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_an_editor_of_windows_saved_is_a_notebook(encoding: str, work: Path, tmp_path: Path) -> None:
    path = work / NOTEBOOKS[1]
    path.write_text(path.read_text(encoding="utf-8"), encoding=encoding)
    assert submit(work, "ann", tmp_path).missing == []


def test_a_zip_is_named_in_the_form_in_which_equal_names_are_equal(work: Path, tmp_path: Path) -> None:
    assert submit(work, "jose\u0301", tmp_path).path == tmp_path / "jos\u00e9.zip"

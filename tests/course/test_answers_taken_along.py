"""What a student adds to a notebook is taken along into the next lesson and read by `labkit check`."""

import json
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
import torch
from nbformat.v4 import new_code_cell
from student_works import ANSWER, CELLS_ALONE, HALF, STUB, WORKS, Work, is_right, notebook_of
from typer.testing import CliRunner

import labkit.course.answers
from labkit.cli import app
from labkit.course.answers import AnswerNotFoundError, answer, find_answer, load_answers
from labkit.notebooks.cells import empty_todos, parse_cell, tree_of
from labkit.schedules import extract


@pytest.mark.parametrize("name", WORKS)
def test_it_is_taken_along_into_the_next_lesson(name: str, tmp_path: Path) -> None:
    nbformat.write(notebook_of(WORKS[name]), tmp_path / "02_forward_process.ipynb")
    assert is_right(find_answer("q_sample", tmp_path))


@pytest.mark.parametrize("name", [name for name in WORKS if not name.startswith(CELLS_ALONE)])
def test_it_is_read_in_a_file(name: str, tmp_path: Path) -> None:
    work = WORKS[name]
    text = "\n".join([work.imports, work.own, work.todo, work.between])
    (tmp_path / "q_sample.py").write_text(text, encoding="utf-8")
    assert is_right(load_answers(tmp_path / "q_sample.py")["q_sample"])


def book(folder: Path, *cells: str, todo: str = ANSWER) -> Path:
    """A lesson with these cells of a student's own above the TODO."""
    notebook = notebook_of(Work(todo))
    notebook.cells[1:2] = map(new_code_cell, cells)
    nbformat.write(notebook, folder / "02_forward_process.ipynb")
    return folder / "02_forward_process.ipynb"


@pytest.mark.parametrize(
    "cell",
    [
        "ran()",
        "unused = ran()",
        "for unused in [ran()]:\n    pass",
        "if True:\n    unused = ran()\n    print(unused)",
        "torch.manual_seed(ran())",
        "print(ran())",
        "%timeit ran()",
        "%%timeit\nhalf = ran()",
        "%%writefile half.py\nhalf = ran()",
        "%%bash\nhalf=1; ran()",
        "%%html\nhalf = ran()",
        "!touch {ran()}",
        "half = await ran()",
        "get_ipython().system(ran())",
    ],
)
def test_nothing_runs_that_the_answer_does_not_need(cell: str, tmp_path: Path) -> None:
    define = f"def ran():\n    open({str(tmp_path / 'ran')!r}, 'w')"
    path = book(tmp_path, define, cell, "half = 0.5", todo=HALF)
    assert is_right(load_answers(path, ["q_sample"])["q_sample"])
    assert not (tmp_path / "ran").exists()


def test_of_several_answers_only_what_the_wanted_one_needs_is_run(tmp_path: Path) -> None:
    path = book(tmp_path, "half = 0.5\nnetwork = 1 / 0\ndef p_sample():\n    return network", todo=HALF)
    assert load_answers(path, ["q_sample"])["__labkit_answer__"] == {}
    assert load_answers(path)["__labkit_answer__"] == {"": "ZeroDivisionError: division by zero"}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("half = 1 / 0", "ZeroDivisionError"),
        ("half = 1\nwhile half:\n    half += 1", "loop without end"),
        ("half = time.sleep(30)", "loop without end"),
        ("1 +", "half"),
    ],
)
def test_a_needed_line_that_fails_is_told(
    line: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(labkit.course.answers, "_CELL_SECONDS", 0.5)
    book(tmp_path, "import time", line.replace("sleep(30)", "sleep(0.6)"), todo=HALF)
    answer("q_sample")
    assert "does not pass its check" in (told := capsys.readouterr().out) and why in told
    done = CliRunner().invoke(app, ["check", "q_sample", "--file", "02_forward_process.ipynb"])
    assert done.exit_code == 1 and why in done.output


@pytest.mark.parametrize("stub", ["still here", "within a block", "above the answer"])
def test_the_released_stub_is_known_whatever_stands_beside_it(stub: str, tmp_path: Path) -> None:
    todo = {
        "still here": f"!pip list\n{STUB}\nextract?",
        "within a block": f"with torch.no_grad():{STUB}".replace("\n", "\n    "),
        "above the answer": STUB + ANSWER.split("\n", 2)[2],
    }[stub]
    path = book(tmp_path, todo=todo)
    assert load_answers(path)["__labkit_empty__"] == {"q_sample"} and empty_todos(todo) == ["q_sample"]
    with pytest.raises(AnswerNotFoundError, match="still empty"):
        find_answer("q_sample", tmp_path)


LETTERS = ANSWER.replace("left", "übrig")


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf" + LETTERS.encode(),
        ("# coding: gbk\n" + ANSWER + "# 噪声").encode("gbk"),
        ("#!/usr/bin/env python\n# -*- coding: latin-1 -*-\n" + LETTERS).encode("latin-1"),
        ("# coding: cp949\n" + ANSWER + "# 잡음").encode("cp949"),
        LETTERS.replace("\n", "\r\n").encode(),
    ],
)
def test_a_file_is_read_as_python_reads_it(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "q_sample.py").write_bytes(text)
    q_sample = load_answers(tmp_path / "q_sample.py")["q_sample"]
    q_sample.__globals__.update(torch=torch, extract=extract)
    assert is_right(q_sample)


@pytest.mark.parametrize(
    "text", [LETTERS.encode("latin-1"), b"# coding: nonsense\n", LETTERS.encode("utf-16"), b"\xff\x00"]
)
def test_a_file_that_is_no_text_is_told(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "q_sample.py").write_bytes(text)
    done = CliRunner().invoke(app, ["check", "q_sample", "--file", str(tmp_path / "q_sample.py")])
    assert done.exit_code == 1 and "cannot be read: it is no text in UTF-8" in " ".join(done.output.split())


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-8"])
def test_a_notebook_with_a_byte_order_mark_is_read(encoding: str, tmp_path: Path) -> None:
    path = book(tmp_path, todo=LETTERS)
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert is_right(find_answer("q_sample", tmp_path))


@pytest.mark.parametrize("damage", ["no metadata", "a mark that is none", "null"])
def test_a_cell_without_a_sound_mark_is_read(damage: str, tmp_path: Path) -> None:
    path = book(tmp_path)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if damage == "no metadata":
            del cell["metadata"]
        else:
            cell["metadata"] = {"nbgrader": ["what"] if damage == "a mark that is none" else None}
    path.write_text(json.dumps(notebook))
    assert is_right(find_answer("q_sample", tmp_path))


@pytest.mark.parametrize("cell", [{}, {"cell_type": "code"}, {"cell_type": []}, "what"])
def test_a_broken_cell_costs_no_other(cell: object, tmp_path: Path) -> None:
    path = book(tmp_path)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].insert(1, cell)
    path.write_text(json.dumps(notebook))
    assert is_right(find_answer("q_sample", tmp_path))


def test_a_broken_letter_costs_no_answer(tmp_path: Path) -> None:
    path = book(tmp_path, todo=f"# \xe9\n{ANSWER}")
    path.write_bytes(path.read_text(encoding="utf-8").replace("\\u00e9", "\xe9").encode("latin-1"))
    assert b"\xe9" in path.read_bytes() and is_right(find_answer("q_sample", tmp_path))


def test_an_answer_whose_cell_says_no_type_is_read(tmp_path: Path) -> None:
    path = book(tmp_path)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        del cell["cell_type"]
    path.write_text(json.dumps(notebook))
    assert is_right(find_answer("q_sample", tmp_path))


def test_a_test_without_a_name_is_no_test(tmp_path: Path) -> None:
    path = book(tmp_path, "half = 0.5", todo=HALF)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][1]["metadata"] = {"nbgrader": {"grade": True, "grade_id": None}}
    path.write_text(json.dumps(notebook))
    assert is_right(find_answer("q_sample", tmp_path))


@pytest.mark.parametrize("above", ["!ls\n", "\n\n%%time\n\n", "%time 1\n", "x = !ls\n\n", "f?\n"])
def test_lines_keep_their_numbers(above: str) -> None:
    assert parse_cell(f"{above}answer = 1").body[-1].lineno == above.count("\n") + 1


def test_a_long_cell_of_remainders_and_formats_is_read() -> None:
    rests = "\n".join(f"rest_{i} = 'Of %d:' % {i} if {i} != 7 else f'{{{i}!r}}'.ljust(40)" for i in range(70))
    assert len(parse_cell(f"!ls\n{rests}\nhelp?\n{ANSWER}").body) > 70


@pytest.mark.parametrize("line", ["!ls", "x = !ls", "%cd", "f?", "!ls\r!ls", "x = \\\n  !ls"])
def test_a_hostile_cell_takes_no_longer(line: str) -> None:
    began = time.monotonic()
    assert tree_of("\n".join([line] * 20_000)) is None
    assert time.monotonic() - began < 5


def test_who_opens_a_lesson_waits_for_no_ipython() -> None:
    code = "import sys, labkit.course.answers; print({'IPython', 'nbformat', 'torch'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

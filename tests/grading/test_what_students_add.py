"""What a student adds to a notebook counts everywhere alike: here, in the next lesson, in grading."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
import torch
from nbformat.v4 import new_code_cell, new_notebook
from typer.testing import CliRunner

import labkit.answers
from labkit.answers import AnswerNotFoundError, answer, find_answer, load_answers
from labkit.cells import empty_todos
from labkit.cli import app
from labkit.grading.execution.notebook_run import run_notebook
from labkit.grading.execution.testcell import points_of
from labkit.grading.intake.repair import repair
from labkit.grading.isolation import Sandbox
from labkit.schedules import Schedule, extract

IMPORTS = """
import torch
from torch import Tensor

from labkit.checks import check
from labkit.schedules import Schedule, extract
"""
STUB = '''
def q_sample(schedule, x0, t, noise=None):
    """Draw x_t."""
    raise NotImplementedError("TODO q_sample: write your code here, then run the check below.")
'''
ANSWER = """
def q_sample(schedule, x0, t, noise=None):
    noise = torch.randn_like(x0) if noise is None else noise
    left = extract(schedule.alphas_cumprod, t, x0)
    return left.sqrt() * x0 + (1 - left).sqrt() * noise
"""
HALF = ANSWER.replace("left.sqrt()", "left**half").replace("(1 - left).sqrt()", "(1 - left) ** half")
ROOT = ANSWER.replace("left.sqrt()", "root(left)").replace("(1 - left).sqrt()", "root(1 - left)")
CHECK = 'check("q_sample", points=4)'


@dataclass(frozen=True)
class Work:
    """A student's notebook."""

    todo: str = ANSWER
    own: str = ""
    """a cell above the TODO"""
    imports: str = IMPORTS
    """the locked cell"""
    between: str = ""
    """a cell between the TODO and its check"""
    below: str = ""


LOCKED = {
    "import": Work(HALF, imports="import math\n" + IMPORTS + "half = math.log(math.e) / 2"),
    "name in a released line": Work(
        ROOT, imports=IMPORTS.replace("import Tensor", "import Tensor, sqrt as root")
    ),
    "module in a released line": Work(
        HALF.replace("half", "(math.cos(0) / 2)"),
        imports=IMPORTS.replace("import torch\n", "import torch, math\n"),
    ),
    "star": Work(ROOT.replace("root(", "sqrt("), imports=IMPORTS + "from torch import *"),
    "function": Work(ROOT, imports=IMPORTS + "def root(x):\n    return x.sqrt()"),
    "constant": Work(HALF, imports=IMPORTS + "half = torch.tensor(0.5)"),
    "with a line for IPython": Work(HALF, imports="%matplotlib inline\n!ls\n" + IMPORTS + "half = 0.5"),
}  # fmt: skip
OWN = {
    "constant": Work(HALF, "half = 0.5"),
    "annotated": Work(HALF, "half: float = 0.5"),
    "lambda": Work(ROOT, "root = lambda x: x.sqrt()"),
    "another name": Work(ROOT, "root = torch.sqrt"),
    "chain": Work(ROOT, "two = 2\nhalf = 1 / two\ndef root(x):\n    return x**half"),
    "unpacked": Work(HALF, "one, half = 1, 0.5"),
    "changed": Work(HALF, "half = 1\nhalf /= 2"),
    "item": Work(HALF.replace("half", "table['half']"), "table = {}\ntable['half'] = 0.5"),
    "attribute": Work(ROOT, "def root(x):\n    return x**root.half\nroot.half = 0.5"),
    "if": Work(HALF, "if torch.cuda.is_available():\n    half = 0.5\nelse:\n    half = 1 / 2"),
    "try": Work(HALF, "try:\n    import einops\nexcept ImportError:\n    pass\nhalf = 0.5"),
    "with": Work(HALF, "with torch.no_grad():\n    half = torch.tensor(0.5)"),
    "beside a figure": Work(HALF, "half = 0.5\nprint('looked at')"),
    "read above the answer": Work("print(points.shape)\n" + ANSWER, "points = torch.zeros(3)"),
    "read below the answer": Work(ANSWER + "\nprint(points.shape)", "points = torch.zeros(3)"),
    "the answer itself": Work("q_sample = mine", ANSWER.replace("def q_sample", "def mine")),
    "future": Work(ANSWER.replace("x0,", "x0: NotImported,"), "from __future__ import annotations"),
    "wrapped before the check": Work(
        ANSWER.replace("left.sqrt()", "left"),
        between="wrong = q_sample\ndef right(schedule, x0, t, noise=None):\n"
        "    left = extract(schedule.alphas_cumprod, t, x0)\n"
        "    return wrong(schedule, x0, t, noise) + (left.sqrt() - left) * x0\nq_sample = right",
    ),
    "another try below": Work(ANSWER, below="q_sample = lambda *a: 0\ndef q_sample(*a):\n    return 1"),
    "a copy of the stub": Work(ANSWER, STUB.replace("q_sample(", "old_q_sample(")),
}
IPYTHON = {
    "help": "extract?",
    "more help": "extract??",
    "help before": "?extract",
    "shell": "!ls",
    "shell into a name": "files = !ls\nprint(len(files))",
    "shell in a block": "if torch.cuda.is_available():\n    !ls",
    "shell in a function": "def look():\n    !ls\n    return 1",
    "magic": "%matplotlib inline",
    "magic over two lines": "%env A = \\\n    1",
    "timed": "%timeit -n 1 -r 1 1 + 1",
    "timed into a name": "spent = %timeit -n 1 -r 1 -o 1 + 1",
    "asked": "import asyncio\nawait asyncio.sleep(0)",
    "asked into a name": "import asyncio\nslept = await asyncio.sleep(0)",
    "by hand": "get_ipython().run_line_magic('matplotlib', 'inline')",
}
WORKS = {
    **{f"locked: {name}": work for name, work in LOCKED.items()},
    **{f"own: {name}": work for name, work in OWN.items()},
    **{f"above the answer: {name}": Work(f"{line}\n{ANSWER}") for name, line in IPYTHON.items()},
    **{f"own cell with {name}": Work(HALF, f"{line}\nhalf = 0.5") for name, line in IPYTHON.items()},
    "below the answer: help": Work(f"{ANSWER}\nextract?"),
    "cell timed": Work("%%time\n" + ANSWER),
    "cell timed, below nothing": Work("\n\n%%time\n" + ANSWER),
    "cell captured": Work("%%capture\n%%time\n" + ANSWER),
    "own cell timed": Work(HALF, "%%time\nhalf = 0.5"),
    "line timed": Work(HALF, "%time half = 0.5"),
    "indented": Work("\n".join(f"    {line}" for line in ANSWER.strip().splitlines())),
    "with prompts": Work("\n".join(
        f"{'>>>' if number == 0 else '...'} {line}" for number, line in enumerate(ANSWER.strip().splitlines())
    )),
    "stub commented out": Work(f"{ANSWER}\n#    {STUB.strip().splitlines()[-1].strip()}"),
    "stub below the return": Work(ANSWER + STUB.rstrip().splitlines()[-1]),
}  # fmt: skip
CELLS_ALONE = ("cell ", "own cell timed", "indented", "with prompts", "own: future", "own: another try")
"""What is no way to write a Python file."""


def notebook_of(work: Work) -> nbformat.NotebookNode:
    def marked(source: str, grade_id: str, **settings: object) -> nbformat.NotebookNode:
        mark = {"grade": False, "locked": False, "solution": False, "task": False, "schema_version": 3}
        return new_code_cell(
            source, id=grade_id, metadata={"nbgrader": {**mark, "grade_id": grade_id, **settings}}
        )

    return new_notebook(
        cells=[
            marked(work.imports, "imports", locked=True),
            new_code_cell(work.own),
            marked(work.todo, "q_sample", solution=True),
            new_code_cell(work.between),
            marked(CHECK, "check_q_sample", grade=True, locked=True, points=4),
            new_code_cell(work.below),
        ]
    )


def is_right(q_sample) -> bool:
    schedule, x0, t = Schedule.linear(10), torch.randn(4, 2), torch.tensor([0, 3, 6, 9])
    noise = torch.randn(4, 2)
    left = schedule.alphas_cumprod[t][:, None]
    return torch.allclose(
        q_sample(schedule, x0, t, noise), left.sqrt() * x0 + (1 - left).sqrt() * noise, atol=1e-5
    )


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    submission = tmp_path_factory.mktemp("course") / "submission"
    submission.mkdir()
    sandbox = Sandbox(submission)
    yield sandbox
    sandbox.close()


def graded(work: Work, sandbox: Sandbox) -> tuple[float, nbformat.NotebookNode, list[str]]:
    submitted = notebook_of(work)
    remarks = repair(submitted, notebook_of(Work(STUB)))
    run_notebook(submitted, {"check_q_sample": CHECK}, sandbox, lambda cell: 10.0, 100.0)
    test = next(cell for cell in submitted.cells if cell.source == CHECK)
    return points_of(test.outputs), submitted, remarks


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
        "for half in [ran()]:\n    pass",
        "if True:\n    half = ran()\n    print(half)",
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
    [("half = 1 / 0", "ZeroDivisionError"), ("half = time.sleep(30)", "loop without end"), ("1 +", "half")],
)
def test_a_needed_line_that_fails_is_told(
    line: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(labkit.answers, "_CELL_SECONDS", 0.5)
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


def test_who_opens_a_lesson_waits_for_no_ipython() -> None:
    code = "import sys, labkit.answers; print({'IPython', 'nbformat', 'torch'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("name", [name for name in WORKS if not name.startswith("own cell with")])
def test_it_earns_its_points(name: str, sandbox: Sandbox) -> None:
    points, submitted, _ = graded(WORKS[name], sandbox)
    assert points == 4, [cell.outputs for cell in submitted.cells]


def test_what_was_added_to_a_locked_cell_is_told(sandbox: Sandbox) -> None:
    points, submitted, remarks = graded(LOCKED["import"], sandbox)
    assert remarks == [
        "Cell imports had been edited; it was restored.",
        "What you had added to cell imports was kept, in a cell below it: math, half.",
    ]
    assert submitted.cells[0].source == IMPORTS and "import math" in submitted.cells[1].source
    assert points == 4 and "nbgrader" not in submitted.cells[1].metadata


@pytest.mark.parametrize(
    ("edited", "kept"),
    [
        (IMPORTS + "torch = None", []),
        (IMPORTS + "torch.sqrt = None", []),
        (IMPORTS + "import builtins as check", []),
        (IMPORTS + "def extract(*a):\n    return 0", []),
        (IMPORTS + "extract, more = None, 1", []),
        (IMPORTS + "if True:\n    torch = None\n    more = 1", []),
        (IMPORTS + "print('looked at')\ntorch.manual_seed(1)", []),
        (IMPORTS + "for more in range(3):\n    pass", []),
        (IMPORTS + "def half(:", []),
        (IMPORTS.replace("import torch\n", ""), []),
        (IMPORTS.replace("import torch\n", "import torch, math\n"), ["import math"]),
        (IMPORTS + "more = 1\ntorch = None", ["more = 1"]),
    ],
)
def test_the_released_cell_wins_over_what_is_kept(edited: str, kept: list[str]) -> None:
    submitted, released = notebook_of(Work(imports=edited)), notebook_of(Work(STUB))
    before = len(submitted.cells)
    remarks = repair(submitted, released)
    assert submitted.cells[0].source == IMPORTS
    assert len(submitted.cells) == before + len(kept) and len(remarks) == 1 + len(kept)
    for source in kept:
        assert submitted.cells[1].source.splitlines()[1:] == [source]


def test_nothing_is_kept_of_a_test() -> None:
    submitted, released = notebook_of(Work()), notebook_of(Work(STUB))
    check = next(cell for cell in submitted.cells if cell.source == CHECK)
    check.source = f"import math\n{CHECK}"
    before = len(submitted.cells)
    repair(submitted, released)
    assert check.source == CHECK and len(submitted.cells) == before

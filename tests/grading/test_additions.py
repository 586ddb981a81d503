"""What a student adds to a notebook counts in grading; what was added to a locked cell is kept below it."""

from collections.abc import Iterator

import nbformat
import pytest
from student_works import CHECK, IMPORTS, LOCKED, STUB, WORKS, Work, notebook_of

from labkit.grading.execution.notebook_run import run_notebook
from labkit.grading.execution.testcell import points_of
from labkit.grading.intake.repair import repair
from labkit.grading.isolation import Sandbox


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

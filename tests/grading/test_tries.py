"""A test that is not passed is tried again, where that can help."""

import nbformat
import pytest
from student_works import ANSWER, CHECK, STUB, Work, notebook_of

from labkit.grading.execution.notebook_run import run_notebook
from labkit.grading.execution.testcell import points_of
from labkit.grading.isolation import Sandbox

STEALTHY = "globals().update({'ha' + 'lf': 0.5})"
"""Binds a name, and nobody who reads the cell sees which."""

BY_STEALTH = ANSWER.replace("left.sqrt()", "left ** globals()['half']")
WRONG = ANSWER.replace("left.sqrt()", "left")
COUNTED = "print('ran')"
SPOILT = """
class Endless:
    def __getattr__(self, name):
        while True:
            pass
torch = Endless()
"""


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tries") / "submission"
    folder.mkdir()
    sandbox = Sandbox(folder)
    yield sandbox
    sandbox.close()


def graded(work: Work, sandbox: Sandbox, released: set[str]) -> nbformat.NotebookNode:
    submitted = notebook_of(work)
    run_notebook(submitted, {"check_q_sample": CHECK}, sandbox, lambda cell: 5.0, 100.0, released)
    return submitted


def points_in(notebook: nbformat.NotebookNode) -> float:
    return points_of(next(cell for cell in notebook.cells if cell.source == CHECK).outputs)


def test_a_cell_that_works_by_stealth_is_found_by_running_all(sandbox):
    assert points_in(graded(Work(BY_STEALTH, STEALTHY), sandbox, {STUB.strip()})) == 4


@pytest.mark.parametrize(("released", "outputs"), [(set(), 1), ({COUNTED}, 0)])
def test_a_cell_of_the_lesson_that_no_answer_needs_is_not_run(sandbox, released, outputs):
    notebook = graded(Work(WRONG, COUNTED), sandbox, released)
    assert points_in(notebook) == 0
    counted = next(cell for cell in notebook.cells if cell.source == COUNTED)
    assert len(counted.outputs) == outputs


def test_an_answer_that_another_cell_made_endless_is_tried_without_it(sandbox):
    """And in a quarter of its time: a right answer needs no more."""
    assert points_in(graded(Work("torch.zeros(1)\n" + ANSWER, SPOILT), sandbox, set())) == 4

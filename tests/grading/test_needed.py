"""Which cells are run for the points, and what becomes of the others' outputs."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from labkit.checks import JUDGES
from labkit.course.syllabus import LOOKS, TODOS
from labkit.grading.execution.handed_in import KeepPictures, broken_claims
from labkit.grading.execution.needed import needed

CHECK = 'check("q_sample", points=4)'


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["import torch", "def q_sample(x):\n    return torch.sqrt(x)", "print('a figure')"], [1, 1, 0]),
        (["def helper(x):\n    return x", "def q_sample(x):\n    return helper(x)"], [1, 1]),
        (
            ["def q_sample(x):\n    def inner():\n        return later\n    return inner()", "later = 2"],
            [1, 1],
        ),
        (["x = 3", "def q_sample(x):\n    return x"], [0, 1]),  # an argument of the same name
        (["x = 3", "def other():\n    return x", "q_sample = 1"], [0, 0, 1]),
        (["%matplotlib inline", "def broken(", "q_sample = 1"], [0, 0, 1]),
        (["!ls\nhalf = 2\nhalf?", "%%time\nq_sample = half", "files = !ls"], [1, 1, 0]),
        (["table = {}", "table['a'] = 1", "q_sample = table", "other['a'] = table"], [1, 1, 1, 0]),
        (["q_sample = 1", "q_sample = 2"], [1, 1]),
        (["class Base: pass", "class Answer(Base): pass", "q_sample = Answer()"], [1, 1, 1]),
        (["p_sample = 1"], [0]),
    ],
)
def test_what_the_test_reads_is_needed(cells, expected):
    assert needed(cells, [CHECK]) == [bool(one) for one in expected]


def test_a_check_may_read_other_names_than_its_own():
    cells = ["x0 = 1", "timesteps = 2", "x_ts = x0 * timesteps", "forward_figure = 3"]
    assert needed(cells, ['check("forward_figure", points=6)']) == [True, True, True, False]


def test_what_every_such_check_reads_is_listed():
    assert set(LOOKS) == set(JUDGES) - set(TODOS)


def test_hidden_tests_read_names_too():
    assert needed(["secret_helper = 1"], [f"assert secret_helper == 1\n{CHECK}"]) == [True]


PICTURE = new_output("display_data", data={"image/png": "aGVsbG8="})


def kept(outputs, **mark):
    cell = new_code_cell("1")
    cell["outputs"] = nbformat.from_dict(outputs)
    if mark:
        role = {"grade": False, "solution": False, "locked": False, "task": False, "grade_id": "a"}
        cell.metadata["nbgrader"] = nbformat.from_dict({**role, "schema_version": 3, **mark})
    KeepPictures().preprocess(nbformat.NotebookNode(cells=[cell], metadata=nbformat.NotebookNode()), {})
    return cell.outputs


def test_a_figure_stays_as_it_was_handed_in():
    assert kept([PICTURE]) == [PICTURE]
    assert kept([PICTURE], locked=True) == [PICTURE]


@pytest.mark.parametrize("mark", [{"grade": True, "points": 4, "locked": True}, {"solution": True}])
def test_what_points_come_from_is_cleared(mark):
    assert kept([new_output("execute_result", data={"text/plain": "4.0"})], **mark) == []


def graded_cell(grade_id, points, message):
    mark = {
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "points": 10,
        "schema_version": 3,
    }
    outputs = [
        new_output("display_data", data={"text/plain": message}),
        new_output("execute_result", data={"text/plain": repr(points)}),
    ]
    return new_code_cell("check()", outputs=outputs, metadata={"nbgrader": {**mark, "grade_id": grade_id}})


@pytest.mark.parametrize(
    ("claimed", "earned", "expected"), [(10.0, 5.0, 1), (5.0, 10.0, 0), (10.0, 10.0, 0), (0.0, 0.0, 0)]
)
def test_a_claim_that_does_not_hold_is_told_with_both_numbers(claimed, earned, expected):
    notebook = new_notebook(cells=[graded_cell("check_trained_model", claimed, "distance 0.52.")])
    KeepPictures().preprocess(notebook, {})
    assert notebook.cells[0].outputs == []
    notebook.cells[0].outputs = graded_cell("check_trained_model", earned, "distance 3.10.").outputs
    said = broken_claims(notebook)
    assert len(said) == expected
    if expected:
        assert said == [
            "trained_model was handed in with 10 of 10 points (distance 0.52); run again, it earned 5 "
            "(distance 3.10)."
        ]


def test_a_claim_of_infinitely_many_points_is_short():
    notebook = new_notebook(cells=[graded_cell("check_q_sample", float("inf"), "x" * 10**6)])
    KeepPictures().preprocess(notebook, {})
    notebook.cells[0].outputs = []
    (said,) = broken_claims(notebook)
    assert said.startswith("q_sample was handed in with 1e+06 of 10 points") and len(said) < 1000
    json.dumps(notebook, allow_nan=False)

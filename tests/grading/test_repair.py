from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode, v4
from nbgrader.utils import compute_checksum

from labkit.grading.intake.repair import repair

ASSIGNMENT = "arithmetic"


@pytest.fixture
def released(released_course: Path) -> NotebookNode:
    return nbformat.read(released_course / "notebooks" / ASSIGNMENT / "01_add.ipynb", as_version=4)


@pytest.fixture
def submitted(answers) -> NotebookNode:
    return answers["01_add"]


def place(notebook: NotebookNode, grade_id: str) -> int:
    return [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells].index(grade_id)


def marks(notebook: NotebookNode) -> list[tuple]:
    return [
        (cell.metadata.nbgrader.grade_id, dict(cell.metadata))
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    ]


def test_a_sound_notebook_stays_as_it_is(submitted, released):
    before = deepcopy(submitted)
    assert repair(submitted, released) == []
    assert submitted == before


def duplicated_check(notebook):
    notebook.cells.insert(0, deepcopy(notebook.cells[place(notebook, "check_add")]))


def deleted_check(notebook):
    del notebook.cells[place(notebook, "check_add")]


def deleted_neighbours(notebook):
    del notebook.cells[place(notebook, "setup") : place(notebook, "check_add") + 1]
    notebook.cells.append(v4.new_code_cell("def add(x, y):\n    return x + y"))


def stripped_metadata(notebook):
    for cell in notebook.cells:
        cell.metadata = NotebookNode()


def stripped_metadata_and_ids(notebook):
    for number, cell in enumerate(notebook.cells):
        cell.metadata, cell.id = NotebookNode(), f"new-{number}"


def edited_settings(notebook):
    mark = notebook.cells[place(notebook, "check_add")].metadata.nbgrader
    mark.points, mark.locked, mark.solution = 400, False, True


def old_schema(notebook):
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader = NotebookNode(grade_id=cell.metadata.nbgrader.grade_id, schema_version=1)


def edited_check(notebook):
    notebook.cells[place(notebook, "check_add")].source = "4.0"


def skipped_check(notebook):
    notebook.cells[place(notebook, "check_add")].metadata.tags = ["skip-execution"]


def invented_mark(notebook):
    cell = deepcopy(notebook.cells[place(notebook, "check_add")])
    cell.metadata.nbgrader.grade_id = "check_more"
    notebook.cells.append(cell)


def garbage_for_a_mark(notebook):
    notebook.cells[place(notebook, "check_add")].metadata.nbgrader = ["what", {"is": "this"}]


def answer_turned_into(kind):
    def turn(notebook):
        cell = notebook.cells[place(notebook, "add")]
        new = {"raw": v4.new_raw_cell, "markdown": v4.new_markdown_cell}[kind](cell.source, id=cell.id)
        new.metadata = cell.metadata
        if kind == "markdown":
            new.attachments = NotebookNode({"image.png": NotebookNode({"image/png": "aGVsbG8="})})
        notebook.cells[place(notebook, "add")] = new

    turn.__name__ = f"answer_turned_into_{kind}"
    return turn


DAMAGES = [
    duplicated_check, deleted_check, deleted_neighbours, stripped_metadata, stripped_metadata_and_ids,
    edited_settings, old_schema, edited_check, skipped_check, invented_mark, garbage_for_a_mark,
    answer_turned_into("raw"), answer_turned_into("markdown"),
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_every_marked_cell_is_there_once_with_the_released_settings(damage, submitted, released):
    damage(submitted)
    repair(submitted, released)
    assert sorted(marks(submitted), key=str) == sorted(marks(released), key=str)
    assert (
        "return x + y" in (source := "\n".join(cell.source for cell in submitted.cells)) or "a + b" in source
    )
    check = submitted.cells[place(submitted, "check_add")]
    assert check.source == 'check("add", points=4)'
    assert submitted.cells[place(submitted, "add")].cell_type == "code"
    nbformat.validate(submitted)


@pytest.mark.parametrize(
    ("damage", "remark"),
    [
        (duplicated_check, "check_add was there 2 times"),
        (deleted_check, "check_add was missing"),
        (stripped_metadata, "add had lost its mark"),
        (edited_settings, "settings of cell check_add had been changed"),
        (edited_check, "check_add had been edited"),
    ],
)
def test_what_was_mended_is_said(damage, remark, submitted, released):
    damage(submitted)
    assert any(remark in line for line in repair(submitted, released))


def new_points(notebook):
    notebook.cells[place(notebook, "check_add")].metadata.nbgrader.points = 7


def new_check(notebook):
    notebook.cells[place(notebook, "check_add")].source = 'check("add", points=4)  # anew'


def new_points_and_check(notebook):
    new_points(notebook)
    new_check(notebook)


def new_setup(notebook):
    notebook.cells[place(notebook, "setup")].source += "\nimport math"


def setup_without_an_import(notebook):
    setup = notebook.cells[place(notebook, "setup")]
    setup.source = setup.source.replace("from IPython.display import display\n", "")


def new_question(notebook):
    notebook.cells[place(notebook, "explain_add")].source += "\n(In one sentence.)"


def new_points_by_hand(notebook):
    notebook.cells[place(notebook, "explain_add")].metadata.nbgrader.points = 7


def new_stub(notebook):
    cell = notebook.cells[place(notebook, "add")]
    cell.source = cell.source.replace('"""', '"""Now: ', 1)


CHANGES = [
    new_points, new_check, new_points_and_check, new_setup, setup_without_an_import, new_question,
    new_points_by_hand, new_stub,
]  # fmt: skip


def released_anew(released: NotebookNode, change) -> NotebookNode:
    """What nbgrader would release after `change`."""
    new = deepcopy(released)
    change(new)
    for cell in new.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.checksum = compute_checksum(cell)
    assert new != released
    return new


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("is_answered", [True, False], ids=["answered", "untouched"])
def test_what_the_course_has_changed_is_no_students_doing(change, is_answered, submitted, released):
    work = submitted if is_answered else deepcopy(released)
    new = released_anew(released, change)
    assert repair(work, new) == []
    assert marks(work) == marks(new)
    if not is_answered:  # as released first, which is not an answer to the new question
        assert [cell.source for cell in work.cells] == [cell.source for cell in new.cells]
    else:
        assert "return a + b" in work.cells[place(work, "add")].source


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_an_edit_is_called_one_whatever_the_course_has_changed(change, submitted, released):
    edited_check(submitted)
    new = released_anew(released, change)
    assert repair(submitted, new) == ["Cell check_add had been edited; it was restored."]
    assert submitted.cells[place(submitted, "check_add")].source == new.cells[place(new, "check_add")].source


@pytest.mark.parametrize("change", [new_points, new_check])
def test_what_a_test_of_an_earlier_release_said_is_no_claim(change, submitted, released):
    check = submitted.cells[place(submitted, "check_add")]
    check.outputs = [v4.new_output("execute_result", data={"text/plain": "4.0"})]
    repair(submitted, released_anew(released, change))
    assert submitted.cells[place(submitted, "check_add")].outputs == []


def test_what_a_test_of_this_release_said_is_one(submitted, released):
    check = submitted.cells[place(submitted, "check_add")]
    check.outputs = [v4.new_output("execute_result", data={"text/plain": "4.0"})]
    repair(submitted, released)
    assert len(submitted.cells[place(submitted, "check_add")].outputs) == 1


@pytest.mark.parametrize(
    "mark",
    [{}, {"checksum": 3}, {"points": "x"}, {"points": 10**400}, {"points": None}, {"grade_id": "check_add"}],
    ids=str,
)
def test_a_checksum_of_any_shape_stops_nothing(mark, submitted, released):
    check = submitted.cells[place(submitted, "check_add")]
    check.metadata.nbgrader = NotebookNode({**check.metadata.nbgrader, **mark}) if mark else NotebookNode()
    repair(submitted, released)
    assert marks(submitted) == marks(released)


@pytest.mark.parametrize("damage", [stripped_metadata, stripped_metadata_and_ids])
def test_answers_without_a_mark_are_recognised(damage, submitted, released):
    damage(submitted)
    repair(submitted, released)
    assert "return a + b" in submitted.cells[place(submitted, "add")].source
    assert "counting on" in submitted.cells[place(submitted, "explain_add")].source
    assert len(submitted.cells) == len(released.cells)


def test_a_deleted_answer_cell_is_found_where_it_was_written_anew(submitted, released):
    del submitted.cells[place(submitted, "add")]
    submitted.cells.insert(2, v4.new_code_cell("def add(x, y):\n    return x + y"))
    repair(submitted, released)
    assert submitted.cells[place(submitted, "add")].source == "def add(x, y):\n    return x + y"


def test_an_untouched_copy_of_the_stub_does_not_undo_the_answer(submitted, released):
    stub = deepcopy(released.cells[place(released, "add")])
    submitted.cells.insert(place(submitted, "add") + 1, stub)
    repair(submitted, released)
    assert "return a + b" in submitted.cells[place(submitted, "add")].source
    assert not any("NotImplementedError" in cell.source for cell in submitted.cells)


def test_missing_cells_come_back_in_the_order_of_the_lesson(submitted, released):
    submitted.cells = submitted.cells[:1]
    repair(submitted, released)
    assert [grade_id for grade_id, _ in marks(submitted)] == [grade_id for grade_id, _ in marks(released)]

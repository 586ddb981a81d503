"""What parses as a notebook is read as one: a flaw of form costs the piece that has it."""

import io
import json
import subprocess
import sys
from random import Random

import nbformat
import pytest
from damaged import CELLS, DAMAGES, PIXEL, code, damage, parses
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from small_courses import marked

from labkit.grading.intake import form
from labkit.grading.intake.form import UnreadableError, read_notebook
from labkit.grading.intake.repair import repair

LESSON = "02_forward_process"
UNREADABLE = ("a file that was cut", "a page in the place of the file", "an empty file")
SAID = {  # what a student has caused, and should know
    "many outputs": "more than 500 outputs",
    "a big output": "more than 500 outputs, or 10 MB",
    "a test twice": "check_q_sample was there 2 times",
    "an answer twice": "q_sample was there 2 times",
    "a test is lost": "check_q_sample was missing",
    "the course's cell is lost": "setup was missing",
    "no marks": "had lost its mark",
}


@pytest.fixture(scope="module")
def released(noising):
    return nbformat.read(noising / "notebooks" / "noising" / f"{LESSON}.ipynb", as_version=4)


@pytest.fixture
def right(noising_solved):
    """A notebook as plain data, to be spoilt."""
    return json.loads(json.dumps(noising_solved[LESSON]))


def read(notebook):
    data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    return read_notebook(io.BytesIO(data))


def outputs_of(*outputs):
    """What is left of the outputs of a cell."""
    notebook = json.loads(json.dumps(new_notebook(cells=[new_code_cell("1")])))
    notebook["cells"][0]["outputs"] = list(outputs)
    return read(notebook)[0].cells[0].outputs


@pytest.mark.parametrize("name", [name for name in DAMAGES if name not in UNREADABLE])
def test_a_damage_costs_no_answer_and_no_remark_that_nobody_caused(name, right, released, noising_solved):
    data = damage(right, name, Random(1))
    assert parses(data)
    notebook, remarks = read(data)
    nbformat.validate(notebook)
    remarks += repair(notebook, released)
    nbformat.validate(notebook)
    nbformat.writes(notebook).encode()
    for grade_id in ("q_sample", "explain_q_sample"):
        answer = marked(noising_solved[LESSON], grade_id).source
        assert "\n".join(marked(notebook, grade_id).source.splitlines()).startswith(answer)
        assert marked(notebook, grade_id).cell_type == marked(noising_solved[LESSON], grade_id).cell_type
    assert marked(notebook, "check_q_sample").source == 'check("q_sample", points=4)'
    assert any(SAID[name] in remark for remark in remarks) if name in SAID else remarks == []


def test_every_remark_that_is_expected_belongs_to_a_damage():
    assert set(SAID) | set(UNREADABLE) <= set(DAMAGES) and CELLS.keys() <= DAMAGES.keys()


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_notebook_is_said_to_be_none(name, right):
    data = damage(right, name, Random(1))
    assert not parses(data)
    with pytest.raises(UnreadableError, match="not a readable notebook"):
        read(data)


@pytest.mark.parametrize("found", [[], {}, 7, None, {"cells": {}}, {"cells": None}, {"worksheets": [7]}])
def test_without_a_list_of_cells_it_is_no_notebook(found):
    with pytest.raises(UnreadableError):
        read(found)


def test_a_sound_notebook_stays_as_it_is(noising_solved):
    sound = new_notebook(
        cells=[
            new_code_cell("1", outputs=[new_output("stream", text="a\nb"), new_output("error", ename="E")]),
            new_code_cell(
                "2", outputs=[new_output("display_data", data={"image/png": PIXEL, "application/json": [1]})]
            ),
            new_markdown_cell("![a](attachment:a.png)", attachments={"a.png": {"image/png": PIXEL}}),
            *noising_solved[LESSON].cells,
        ]
    )
    for cell in sound.cells:
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k == "nbgrader"})
    assert read(nbformat.writes(sound).encode()) == (sound, [])


PICTURE = new_output("display_data", data={"image/png": PIXEL})


@pytest.mark.parametrize(
    "broken",
    [
        "a text",
        {"output_type": "display_data"},
        {"output_type": "stream", "name": "stdout", "text": 7},
        {"output_type": ["stream"]},
        {"output_type": "unheard-of", "data": {}, "metadata": {}},
        json.loads("[" * 100 + "]" * 100),
        None,
    ],
)
def test_what_shows_nothing_is_dropped(broken):
    assert outputs_of(broken, PICTURE) == [PICTURE]


@pytest.mark.parametrize(
    ("flaw", "mended"),
    [
        ({"metadata": "none"}, {"metadata": {}}),
        ({"transient": {"display_id": "a"}}, {}),
        ({"data": {"text/plain": ["1\n", "2"]}}, {"data": {"text/plain": "1\n2"}}),
        ({"data": {"text/plain": "1", "text/html": 7}}, {}),
        (
            {"data": {"text/plain": "1", "text/html": "\ud83d"}},
            {"data": {"text/plain": "1", "text/html": "?"}},
        ),
        ({"execution_count": "7"}, {"execution_count": None}),
    ],
)
def test_of_an_output_the_sound_parts_stay(flaw, mended):
    sound = {
        "output_type": "execute_result",
        "data": {"text/plain": "1"},
        "metadata": {},
        "execution_count": 1,
    }
    assert outputs_of({**sound, **flaw}) == [{**sound, **mended}]


def test_big_outputs_go_and_small_ones_stay(right):
    film = new_output("display_data", data={"text/html": "x" * (form.MOST_SHOWN + 1)})
    cell = code(right, Random(1))
    cell["outputs"] = [film, PICTURE]
    notebook, remarks = read(right)
    assert [c.outputs for c in notebook.cells if c.id == cell["id"]] == [[PICTURE]]
    assert remarks == ["The notebook has more than 500 outputs, or 10 MB of them; the others were left out."]


def test_big_pictures_go_and_their_words_stay(right):
    photo = {"image/png": "A" * (form.MOST_ATTACHED + 1)}
    pasted = new_markdown_cell("![a](attachment:a.png) ![b](attachment:b.png)")
    pasted.attachments = {"a.png": photo, "b.png": {"image/png": PIXEL}}
    right["cells"].append(pasted)
    notebook, remarks = read(right)
    assert notebook.cells[-1].source == pasted.source and list(notebook.cells[-1].attachments) == ["b.png"]
    assert remarks == [
        "The notebook has more than 500 pasted pictures, or 20 MB of them; the others were left out."
    ]


def test_a_cell_of_many_megabytes_costs_itself(right):
    right["cells"].insert(0, new_markdown_cell("x" * (form.MOST_TEXT + 1)))
    notebook, (remark,) = read(right)
    assert notebook.cells[0].source == "" and "20 MB of text" in remark
    assert [cell.source for cell in notebook.cells[1:]] == [cell["source"] for cell in right["cells"][1:]]


def test_of_too_many_cells_those_with_a_mark_stay(right):
    right["cells"][:0] = [new_code_cell(f"{number}") for number in range(2000)]
    notebook, (remark,) = read(right)
    assert len(notebook.cells) == form.MOST_CELLS and "2,007 cells" in remark
    marks = [cell.metadata.nbgrader.grade_id for cell in notebook.cells if cell.metadata]
    assert marks == ["setup", "q_sample", "check_q_sample", "explain_q_sample"]
    assert notebook.cells[0].source == "0"


def test_the_size_is_the_reason_where_it_is(tmp_path):
    path = tmp_path / "big.ipynb"
    with path.open("wb") as file:
        file.truncate(form.MOST_BYTES + 2**20)
    with (
        path.open("rb") as file,
        pytest.raises(UnreadableError, match=r"has 201 MB, and no .+ more than 200 MB"),
    ):
        read_notebook(file)


LIMITED = """
import sys
from labkit.grading.intake.form import UnreadableError, read_notebook
from labkit.grading.memory import limit_memory
limit_memory(100 * 2**20)
try:
    read_notebook(open(sys.argv[1], "rb"))
except UnreadableError as error:
    print(error)
"""


def test_memory_is_the_reason_where_it_is(right, tmp_path):
    code(right, Random(1))["outputs"] = [{"output_type": "display_data", "data": {"application/json": "@"}}]
    path = tmp_path / "lists.ipynb"
    path.write_text(json.dumps(right).replace('"@"', f"[{'[1.5],' * 3 * 2**20}1]"))
    done = subprocess.run([sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True)
    assert done.stdout == "The file has 18 MB, and needs more memory than there is for a submission\n"


def test_a_cell_of_format_3_without_a_kind_costs_itself(right):
    old = json.loads(damage(right, "format 3", Random(1)))
    cells = old["worksheets"][0]["cells"]
    cells[:0] = [{"source": "mine"}, None, {"cell_type": "code", "input": "1", "outputs": ["a text", {}]}]
    notebook, _ = read(old)
    assert [cell.source for cell in notebook.cells[:2]] == ["mine", "1"]
    assert len(notebook.cells) == len(cells) - 1

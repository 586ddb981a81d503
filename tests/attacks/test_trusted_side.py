"""Notebooks whose text alone attacks the grader's own process: what reads them must neither crash nor hang.

They are read in a process with limits of memory and computing that a right notebook never comes near.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

LIMITED = """
import io, json, resource, sys
from labkit.notebooks.cells import empty_todos
from labkit.grading.execution.handed_in import KeepPictures
from labkit.grading.execution.needed import needed
from labkit.grading.intake.additions import keep_additions
from labkit.grading.intake.form import UnreadableError, read_notebook
from labkit.grading.report.safe_view import SafeView
import nbformat, psutil

def locked(source):
    mark = {"nbgrader": {"grade_id": "imports", "locked": True, "grade": False, "solution": False}}
    return nbformat.v4.new_code_cell(source, metadata=mark)

held = psutil.Process().memory_info().data
resource.setrlimit(resource.RLIMIT_DATA, (held + 2**30, held + 2**30))
for name, kind, text in json.loads(open(sys.argv[1], encoding="utf-8").read()):
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + 60, -1))
    if kind == "source":
        released, edited = locked("import torch"), locked(text)
        keep_additions(nbformat.NotebookNode(cells=[edited]), edited, released)
        empty_todos(text)
        print(name, needed([text, "q_sample = 1"], ['check("q_sample")'])[1], flush=True)
        continue
    try:
        notebook, _ = read_notebook(io.BytesIO(text.encode()))
    except UnreadableError:
        print(name, True, flush=True)
        continue
    notebook.metadata["labkit"] = {"remarks": []}
    for step in (KeepPictures(), SafeView()):
        step.preprocess(notebook, {})
    print(name, len(nbformat.writes(notebook)) < 10**8, flush=True)
"""

SOURCES = {
    "parentheses": "(" * 10**6,
    "minus signs": "-" * 10**5 + "1",
    "brackets": "[" * 10**5,
    "lambdas": "lambda:" * 10**4 + "1",
    "attributes": "a" + ".a" * 10**5,
    "calls": "a" + "()" * 10**5,
    "sums": "+".join("a" for _ in range(10**5)),
    "powers": "**".join("a" for _ in range(10**4)),
    "negations": "not " * 10**4 + "a",
    "conditions": "a if a else " * 10**4 + "a",
    "functions in functions": "".join(" " * depth + "def f():\n" for depth in range(95)) + " " * 95 + "1",
    "classes in classes": "".join(" " * depth + "class A:\n" for depth in range(95)) + " " * 95 + "x = 1",
    "a long number": "x = " + "9" * 10**5,
    "many statements": "a = 1\n" * 10**7,
    "a null byte": "x = 1\x00",
    "half a character": "x = '\ud800'",
    "conditions below each other": "if a:\n x = 1\n" + "elif a:\n x = 1\n" * 900,
    "lines for IPython": "%a\n" * 10**4,
    "lines for IPython in a long cell": "%a\n" * 10 + "x = 1\n" * 3300,
    "help for a long name": "a" * 10**5 + " b?",
    "timed again and again": "%time " * 10**4 + "x = 1",
    "cells timed again and again": "%%time\n" * 10**4 + "x = 1",
    "awaited again and again": "await " * 10**4 + "a",
    "format strings": "f'{" * 500 + "}'" * 500,
}


def notebook(*cells: dict) -> str:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def code(*outputs: object) -> dict:
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": "", "execution_count": None}
    return {**cell, "outputs": list(outputs)}


def check(*outputs: object) -> dict:
    """The cell of a test, whose outputs are read as what the student claims."""
    marks = {"grade": True, "grade_id": "check_q_sample", "locked": True, "points": 3, "solution": False}
    return {**code(*outputs), "metadata": {"nbgrader": {**marks, "schema_version": 3, "task": False}}}


def result(**data: object) -> dict:
    return {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1}


def markdown(text: str) -> dict:
    return {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text}


def display(**data: object) -> dict:
    return {"output_type": "display_data", "data": data, "metadata": {}}


STREAM = {"output_type": "stream", "name": "stdout", "text": "a"}
NESTED = "[" * 200 + "]" * 200
MARKDOWN = (
    *("[", "![", "*a ", "`", "`a", "> ", "- ", "|a", "<!--", "<a ", "&", "\\(", "$", "_a", "a\n=\n"),
    *("[a](", "[a]: b\n", "<", "~", "**a", "1. ", "# ", "[a][", "<a@", "\\", "```\n", "|a|\n|-|\n"),
)

NOTEBOOKS = {
    "many outputs": notebook(code(*[STREAM] * 100_000)),
    "many cells": notebook(*[code(STREAM)] * 50_000),
    "a nested output": notebook(code({**STREAM, "text": "TEXT"})).replace('"TEXT"', NESTED),
    "an output nested deeply": notebook(code({**STREAM, "text": "TEXT"})).replace('"TEXT"', "[" * 10**5),
    "nested data": notebook(code(display(json="TEXT"))).replace('"TEXT"', NESTED),
    "points that are a picture": notebook(check(result(**{"image/png": "aaaa"}))),
    "points that are lines": notebook(check(result(**{"text/plain": ["3", ".0"]}))),
    "no points": notebook(check(result())),
    "many types": notebook(code(display(**{f"a/{i}": "x" for i in range(10**5)}))),
    **{f"long {text!r}": notebook(markdown(text * 10**5)) for text in MARKDOWN},
    **{f"short {text!r}": notebook(markdown((text * 50_000)[:50_000])) for text in MARKDOWN},
}


@pytest.mark.parametrize(("kind", "texts"), [("source", SOURCES), ("notebook", NOTEBOOKS)])
def test_what_is_made_to_break_a_reader_breaks_nothing(
    kind: str, texts: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "texts"
    path.write_text(json.dumps([(name, kind, text) for name, text in texts.items()]))
    done = subprocess.run([sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True)
    assert done.stdout.splitlines() == [f"{name} True" for name in texts], done.stderr[-2000:]
    assert done.returncode == 0

"""Which answer a graded cell is about: a hash of what was handed in, however it is shown later."""

import hashlib
import json
from collections.abc import Iterable

from nbformat import NotebookNode
from nbgrader.utils import is_grade, is_solution, is_task


def answer_hashes(notebook: NotebookNode) -> dict[str, str]:
    """grade_id → a hash of the answer: its own text and pictures, or for a test the code that it tests.

    A test without a cell of its own, as of a training, is about all answers in its notebook; so is a task.
    """
    answers = {cell.metadata.nbgrader["grade_id"]: cell for cell in notebook.cells if is_solution(cell)}
    graded = [
        cell.metadata.nbgrader["grade_id"] for cell in notebook.cells if is_grade(cell) or is_task(cell)
    ]
    found = {}
    for grade_id in graded:
        own = answers.get(grade_id) or answers.get(grade_id.removeprefix("check_"))
        found[grade_id] = _hash(answers.values() if own is None else [own])
    return found


def _hash(cells: Iterable[NotebookNode]) -> str:
    text = json.dumps([[cell.source.strip(), cell.get("attachments", {})] for cell in cells], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()

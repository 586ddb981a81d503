"""Answers of tests/answers/ as somebody writes them into a lesson, which has the imports already."""

import re
from pathlib import Path

import nbformat

ANSWERS = Path(__file__).parents[1] / "answers"


def answer(todo: str, name: str) -> str:
    """The function or class of tests/answers/<todo>/<name>.py."""
    text = (ANSWERS / todo / f"{name}.py").read_text(encoding="utf-8")
    return re.search(rf"^(?:def|class) {todo}\b.*", text, re.MULTILINE | re.DOTALL)[0].rstrip()


def write_into(file: Path, answers: dict[str, str]) -> None:
    """Fill marked cells of a notebook: grade_id → text."""
    notebook = nbformat.read(file, as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    nbformat.write(notebook, file)

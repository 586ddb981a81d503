"""Shows whoever grades by hand the model answer and the rubric, below each answer in words.

They are put into the autograded notebook, which formgrader shows, as a mark scheme: nbgrader leaves that out
of the feedback.
"""

from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

_FRAME = """\
<!-- ### BEGIN MARK SCHEME -->

> *For you who grade (students do not see this):*
>
{rubric}

<!-- ### END MARK SCHEME -->"""


class ShowRubric(NbGraderPreprocessor):
    """After SafeView in Autograde.autograde_preprocessors: nothing of what it adds comes from a student."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        names, coursedir = resources["nbgrader"], self.parent.parent.coursedir
        folder = coursedir.format_path(coursedir.source_directory, ".", names["assignment"])
        solved = Path(folder) / f"{names['notebook']}.ipynb"
        if solved.is_file():
            add_rubrics(nb, nbformat.read(solved, as_version=4))
        return nb, resources


def add_rubrics(graded: NotebookNode, solved: NotebookNode) -> None:
    """Put what the solved notebook says in the place of each answer in words below that answer."""
    rubrics = {cell.metadata.nbgrader.grade_id: cell.source for cell in solved.cells if _is_in_words(cell)}
    cells = []
    for cell in graded.cells:
        cells.append(cell)
        if _is_in_words(cell) and (grade_id := cell.metadata.nbgrader.grade_id) in rubrics:
            lines = [line for line in rubrics[grade_id].splitlines() if " SOLUTION" not in line]
            quoted = "\n".join(f"> {line}" for line in lines)
            cells.append(new_markdown_cell(_FRAME.format(rubric=quoted), id=f"{cell.id[:50]}-rubric"))
    graded.cells = cells


def _is_in_words(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and is_grade(cell) and is_solution(cell)

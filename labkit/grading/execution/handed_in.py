"""What a submission shows: pictures and texts of cells that are not run again, and results that it claims."""

from math import isfinite
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution

from labkit.grading.execution.testcell import points_of

MOST_POINTS = 1e6
"""What a claim of infinitely many counts as."""

_WORDS = 300
"""Characters of a claim that are repeated."""


class KeepPictures(NbGraderPreprocessor):
    """One of Autograde.sanitize_preprocessors, in the place of ClearOutput.

    What a test or an answer showed is cleared, as points come from there: what a test claimed goes into the
    notebook's metadata, `labkit.claims`. Elsewhere outputs stay as they were read.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        claims = {}
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            if is_grade(cell):
                claims[cell.metadata.nbgrader["grade_id"]] = {
                    "points": _finite(points_of(cell.outputs)),
                    "words": words_of(cell.outputs),
                }
            if is_grade(cell) or is_solution(cell):
                cell.outputs = []
        nb.metadata.setdefault("labkit", NotebookNode())["claims"] = nbformat.from_dict(claims)
        return nb, resources


def broken_claims(nb: NotebookNode) -> list[str]:
    """A sentence for each test that earns less than the notebook, as it was handed in, says that it did."""
    said, claims = [], nb.metadata.get("labkit", {}).get("claims", {})
    for cell in nb.cells:
        claim = claims.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if cell.cell_type == "code" and claim and 0 < claim["points"] > points_of(cell.outputs):
            most, earned = cell.metadata.nbgrader["points"], points_of(cell.outputs)
            said.append(
                f"{cell.metadata.nbgrader['grade_id'].removeprefix('check_')} was handed in with "
                f"{claim['points']:g} of {most:g} points ({claim['words']}); run again, it earned {earned:g} "
                f"({words_of(cell.outputs)})."
            )
    return said


def words_of(outputs: list[NotebookNode]) -> str:
    """The verdict that a test shows, or its error, in one line."""
    for output in outputs:
        if output.output_type == "display_data" and isinstance(text := output.data.get("text/plain"), str):
            return " ".join(text.split())[:_WORDS].rstrip(".")
        if output.output_type == "error":
            return " ".join(f"{output.ename}: {output.evalue}".split())[:_WORDS].rstrip(".")
    return "without a verdict"


def _finite(points: float) -> float:
    """JSON has no word for others."""
    return points if isfinite(points) else MOST_POINTS if points > 0 else 0.0

"""nbgrader's preprocessor that executes a submission: in a sandbox.

nbgrader_config.py names it, so that `nbgrader autograde` typed by hand does the same as `labkit grade`.
"""

import atexit
import time
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Callable, Float, Unicode

from labkit.grading.execution.handed_in import broken_claims
from labkit.grading.execution.notebook_run import run_notebook
from labkit.grading.intake.repair import released_notebook
from labkit.grading.isolation import UNSAFE, Sandbox

WARNING = (
    "Graded without a sandbox (--unsafe): all code of this class ran with the rights of whoever graded it, "
    "so that nobody's points are certain."
)


class Execute(NbGraderPreprocessor):
    """Executes the cells of a submission that RepairCells and OverwriteCells have put in order."""

    timeout_func = Callable(lambda cell: 40, help="cell → the seconds that it may take").tag(config=True)
    submission_seconds = Float(7200.0, help="what all notebooks of a submission may take together").tag(
        config=True
    )
    isolation = Unicode(
        "", help="bubblewrap, podman or docker, by default the best that works; unsafe: every report says so"
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        tests = self._test_cells(resources["nbgrader"])
        lesson = released_notebook(self.parent.parent.coursedir, resources["nbgrader"])
        released = {cell.source.strip() for cell in lesson.cells}
        place = _place_for(Path(resources["metadata"]["path"]), self.isolation)
        if self.isolation == UNSAFE:
            nb.metadata["labkit"]["unsafe"] = True
        started = time.monotonic()
        try:
            left = self.submission_seconds - place.seconds
            run_notebook(nb, tests, place.sandbox, self.timeout_func, left, released)
        finally:
            place.seconds += time.monotonic() - started
        nb.metadata["labkit"]["remarks"] += broken_claims(nb)
        return nb, resources

    def _test_cells(self, names: dict[str, str]) -> dict[str, str]:
        """grade_id → the source of each locked cell, as the release entered it into the gradebook."""
        coursedir = self.parent.parent.coursedir
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            notebook = gradebook.find_notebook(names["notebook"], names["assignment"])
            return {cell.name: cell.source for cell in notebook.source_cells if cell.locked}


class _Place:
    """The sandbox of a submission, and the seconds that its notebooks have taken."""

    def __init__(self, folder: Path, isolation: str):
        self.folder, self.seconds = folder, 0.0
        self.sandbox = Sandbox(folder, isolation or None)


_here: _Place | None = None


def _place_for(folder: Path, isolation: str) -> _Place:
    """Notebooks of one submission come one after the other, and share a sandbox."""
    global _here
    if _here is None or _here.folder != folder:
        leave_sandbox()
        _here = _Place(folder, isolation)
    return _here


@atexit.register
def leave_sandbox() -> None:
    """Take down the sandbox of the last submission."""
    global _here
    if _here is not None:
        _here.sandbox.close()
        _here = None

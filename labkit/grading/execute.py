"""Runs the cells of a submission: the one place where a student's code is executed.

nbgrader_config.py names the class, so that another executor can take its place.
"""

import os
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import preprocessors
from nbgrader.utils import is_grade


class Execute(preprocessors.Execute):
    """nbgrader's executor, which goes on where the stock one loses the whole submission.

    After a kernel has died, or ignores the interrupt that follows a time-out, the cells that are left are
    marked with an error; without one nbgrader would give a test cell that never ran full marks. A line on
    stderr, a warning for example, costs a test cell nothing.
    """

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, km: Any = None
    ) -> tuple[NotebookNode, dict[str, Any]]:
        self.lost: tuple[str, str] | None = None
        os.environ["LABKIT_TRAINING"] = "off"  # the kernel inherits it: a submission brings its finished run
        return super().preprocess(nb, resources, km)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        if cell.cell_type != "code":
            return cell, resources
        if self.lost is None:
            try:
                cell, resources = super().preprocess_cell(cell, resources, index)
            except DeadKernelError:
                self.lost = "DeadKernelError", "the Python process died in this cell or in one before it"
            except CellTimeoutError:
                self.lost = (
                    "CellTimeoutError",
                    "this cell, or one before it, ran too long and could not be stopped",
                )
        if self.lost is not None:
            name, sentence = self.lost
            cell.outputs = [
                *cell.get("outputs", []),
                new_output("error", ename=name, evalue=sentence, traceback=[f"{name}: {sentence}"]),
            ]
        if is_grade(cell):
            for output in cell.outputs:
                if output.get("name") == "stderr":
                    output.name = "stdout"
        return cell, resources

"""What stands in a released notebook in the place of a solution."""

from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearSolutions

CODE_STUB = 'raise NotImplementedError("TODO {todo}: write your code here, then run the check below.")'
TEXT_STUB = "*Write your answer here (double-click to edit).*"


class NamedStubs(ClearSolutions):
    """nbgrader's ClearSolutions with a stub that names its TODO: defining it is silent, calling it raises."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], cell_index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        todo = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        self.code_stub = {"python": CODE_STUB.format(todo=todo)}
        self.text_stub = TEXT_STUB
        return super().preprocess_cell(cell, resources, cell_index)

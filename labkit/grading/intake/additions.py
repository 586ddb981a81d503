"""What a student adds to a locked cell: the cell is restored, what it defined besides is kept."""

import ast
import textwrap

from nbformat import NotebookNode, v4
from nbgrader.utils import is_grade, is_locked

from labkit.notebooks.cells import tree_of
from labkit.notebooks.names import names_in, names_of, only_binds

_REMARK_CHARACTERS = 200
"""Of the names that are told."""


def keep_additions(submitted: NotebookNode, cell: NotebookNode, original: NotebookNode) -> list[str]:
    """Put what `cell` imports and defines, and `original` does not, into a cell of the student's own below.

    Returns a remark where there is something. Of a test nothing is kept, nor is what would change a name that
    the released cell defines. `cell` itself is left as it is.
    """
    if cell.cell_type != "code" or not is_locked(original) or is_grade(original):
        return []
    if cell.source == original.source or (theirs := tree_of(cell.source)) is None:
        return []
    kept, names = [], []
    for statement in _beyond(theirs, names_of(original.source).bound):
        kept.append(ast.unparse(statement))
        names += sorted(names_in([statement]).bound) or ["*"]
    if not kept:
        return []
    place = next(i for i, one in enumerate(submitted.cells) if one is cell)
    grade_id = original.metadata.nbgrader.grade_id
    text = "\n".join([f"# From your version of the cell {grade_id}, which was restored:", *kept])
    submitted.cells.insert(place + 1, v4.new_code_cell(text))
    told = textwrap.shorten(", ".join(dict.fromkeys(names)), _REMARK_CHARACTERS, placeholder=" …")
    return [f"What you had added to cell {grade_id} was kept, in a cell below it: {told}."]


def _beyond(tree: ast.Module, released: frozenset[str]) -> list[ast.stmt]:
    """The statements that bind names, and none of the released ones."""
    found: list[ast.stmt] = []
    for statement in tree.body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            statement.names = [
                one for one in statement.names if (one.asname or one.name.split(".")[0]) not in released
            ]
            if statement.names:
                found.append(statement)
        elif only_binds(statement) and (bound := names_in([statement]).bound) and not bound & released:
            found.append(statement)
    return found

"""What of a file must run for an answer: a Python file as a whole, of a notebook as little as can be."""

import ast
import tokenize
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.notebooks.cells import stubs_in, tree_of
from labkit.course.syllabus import TODOS
from labkit.errors import CourseError
from labkit.notebooks.names import Names, called_upon, defines, names_in, needed, only_binds
from labkit.notebooks.reading import cells_in, mark_of


class AnswerNotFoundError(CourseError):
    """An answer is not where it should be."""


@dataclass
class Piece:
    """Code to execute: a whole cell or file, or one statement of a cell."""

    place: str
    source: str
    """of all of the cell"""
    tree: ast.Module | None = None
    """what is to be executed, where that is less than `source`, or could be read"""
    todo: str = ""
    is_timed: bool = True
    is_needed: bool = True
    """by the answer; other imports, functions and classes are there in case that it finds them unseen"""


def file_pieces(path: Path) -> list[Piece]:
    """A Python file; raises AnswerNotFoundError where it cannot be read."""
    try:
        with tokenize.open(path) as file:  # knows of byte order marks and of `# coding: gbk`
            return [Piece("code", file.read())]
    except (OSError, SyntaxError, UnicodeDecodeError) as error:
        reason = (
            getattr(error, "strerror", None) or "it is no text in UTF-8, or in the encoding that it names"
        )
        raise AnswerNotFoundError(f"{path} cannot be read: {reason}.") from None


def notebook_pieces(path: Path, wanted: Collection[str]) -> tuple[list[Piece], set[str]]:
    """What to execute of a notebook, and the TODOs that still are the released stub.

    That are its TODO cells; of other cells imports, functions, classes, and those statements that give a name
    its value which a `wanted` one needs: assignments, and above the last check loops and calls too, as
    grading runs them. A TODO stays what it was at its check: a later cell that tries something else is not
    followed. Raises AnswerNotFoundError where the file is no notebook.
    """
    pieces: list[Piece] = []
    parts: list[tuple[Names, Piece]] = []
    is_stub: dict[str, bool] = {}
    settled: set[str] = set()
    modules: set[str] = set()

    code = [cell for cell in _cells(path) if cell["cell_type"] == "code"]
    marks = [mark_of(cell) for cell in code]
    last = max((i for i, mark in enumerate(marks) if mark.get("grade") or mark.get("solution")), default=0)
    for number, (cell, mark) in enumerate(zip(code, marks, strict=True)):
        source = cell["source"]
        todo = mark["grade_id"] if mark.get("solution") else ""
        if mark.get("grade") and not todo:  # a test: the grader runs the released one
            settled |= {mark["grade_id"].removeprefix("check_")} & is_stub.keys()
            continue
        tree = tree_of(source)
        found = []
        for statement in tree.body if tree is not None else ():
            if number > last and not only_binds(statement):
                continue
            names = names_in([statement])
            if not todo and names.bound & settled:
                continue
            is_stub |= {name: name in stubs_in(statement) for name in names.bound & TODOS.keys()}
            if _imports(statement):
                modules |= names.bound
            names = Names(names.bound.union(called_upon(statement)) - (modules - names.bound), names.read)
            found.append((names, statement))
        if todo:
            pieces.append(piece := Piece(f"{todo} {number}", source, tree, todo))
            parts += [(names, piece) for names in _until(todo, found)]
            continue
        for names, statement in found:
            # An import may be the first of torch; an earlier answer has limits where it comes from.
            is_free = "answer" in names.read or any(map(_imports, ast.walk(statement)))
            piece = Piece(
                f"code {number}",
                source,
                ast.Module([statement], []),
                is_timed=not is_free,
                is_needed=False,
            )
            pieces.append(piece)
            parts.append((names, piece))

    for (_, piece), one in zip(parts, needed([names for names, _ in parts], wanted), strict=True):
        piece.is_needed |= one
    chosen = [
        piece
        for piece in pieces
        if piece.is_needed or (piece.tree is not None and defines(piece.tree.body[0]))
    ]
    return chosen, {todo for todo, one in is_stub.items() if one}


def _imports(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _until(todo: str, found: list[tuple[Names, ast.stmt]]) -> list[Names]:
    """The names of a TODO cell's statements, all those together that must have run before it is defined."""
    last = max((i for i, (names, _) in enumerate(found) if todo in names.bound), default=-1)
    above, below = found[: last + 1], found[last + 1 :]
    return [names_in([statement for _, statement in above]), *(names for names, _ in below)]


def _cells(path: Path) -> list[dict[str, Any]]:
    try:
        return cells_in(path)
    except OSError as error:
        raise AnswerNotFoundError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise AnswerNotFoundError(f"{path} is no notebook; take a fresh copy from the course.") from None

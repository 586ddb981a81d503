"""A student's answers: from the notebook beside, from a notebook or a Python file anywhere."""

import codeop
import linecache
from collections.abc import Collection
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from labkit.course.syllabus import TODOS
from labkit.notebooks.cells import parse_cell
from labkit.notebooks.pieces import AnswerNotFoundError, file_pieces, notebook_pieces
from labkit.time_limit import EndlessError, time_limit

_CELL_SECONDS = 5.0
_FILE_SECONDS = 60.0


def answer(todo: str) -> Any:
    """Return your own answer to a TODO of an earlier lesson, from the notebook in this folder.

    Says so where it does not pass its check. Raises AnswerNotFoundError with the notebook to finish where
    it is not there.
    """
    namespace = _namespace_with(todo, Path("."))
    from labkit.checks import NamespaceSubject, judge  # they take a second to import

    verdict = judge(todo, NamespaceSubject({todo: namespace[todo]}))
    if not verdict.passed:
        print(f"Attention: {todo} in {TODOS[todo]}.ipynb does not pass its check yet. {verdict.message}")
        if failure := namespace["__labkit_answer__"].get(""):
            print(f"A line that it needs did not run here: {failure}.")
    return namespace[todo]


def find_answer(todo: str, folder: Path) -> Any:
    """Return the answer to a TODO from its notebook in `folder`, right or wrong.

    Raises AnswerNotFoundError with the notebook to finish where it is not there.
    """
    return _namespace_with(todo, folder)[todo]


def _namespace_with(todo: str, folder: Path) -> dict[str, Any]:
    if todo not in TODOS:
        raise AnswerNotFoundError(f"There is no TODO {todo!r}. The TODOs are: {', '.join(TODOS)}.")
    path = folder / f"{TODOS[todo]}.ipynb"
    if not path.exists():
        raise AnswerNotFoundError(
            f"{todo} comes from {path}, which is not in this folder. "
            "Put it there, finish it, then run this cell again."
        )
    namespace = load_answers(path, [todo])
    if todo in namespace["__labkit_empty__"]:
        raise AnswerNotFoundError(
            f"{todo} in {path} is still empty. Finish it there and save, then run this cell again."
        )
    if todo not in namespace:
        failures = namespace["__labkit_answer__"]
        why = failures.get(todo) or failures.get("") or "its TODO cell does not define it"
        raise AnswerNotFoundError(
            f"{todo} cannot be taken from {path}: {why}. Finish it there and save, then run this cell again."
        )
    return namespace


def load_answers(path: Path, wanted: Collection[str] = TODOS) -> dict[str, Any]:
    """Execute a Python file, or what `wanted` needs of a notebook, and return the names that this defines.

    What that is, see `notebook_pieces`: no training, no figures. Why a TODO cell failed stands in the
    result's "__labkit_answer__", by its name, and why another line did that is needed, by ""; which TODOs
    still are the released stub, in "__labkit_empty__". A cell is stopped after 5 seconds, a Python file after
    60: it may import torch first.

    Raises AnswerNotFoundError where the file is no notebook and no Python file.
    """
    is_file = path.suffix == ".py"
    pieces, empty = (file_pieces(path), set()) if is_file else notebook_pieces(path, wanted)
    failures: dict[str, str] = {}
    namespace: dict[str, Any] = {
        "__name__": path.stem,
        "__labkit_answer__": failures,
        "__labkit_empty__": empty,
    }
    compiler = codeop.Compile()  # as in a notebook, `from __future__ import annotations` holds for all below
    for piece in pieces:
        name = f"<{piece.place} of {path.name}>"
        namespace["answer"] = partial(find_answer, folder=path.parent)  # beside this file, wherever we are
        linecache.cache[name] = (len(piece.source), None, piece.source.splitlines(keepends=True), name)
        seconds = _FILE_SECONDS if is_file else _CELL_SECONDS
        try:
            with time_limit(seconds) if piece.is_timed else nullcontext():
                tree: Any = piece.tree or parse_cell(piece.source, name)  # IPython's compiler takes trees too
                exec(compiler(tree, name, "exec"), namespace)
        except (Exception, SystemExit) as error:
            if piece.is_needed:
                endless = isinstance(error, EndlessError)
                failures.setdefault(
                    piece.todo, str(error).rstrip(".") if endless else f"{type(error).__name__}: {error}"
                )
    return namespace

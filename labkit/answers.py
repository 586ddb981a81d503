"""A student's answers: from the notebook beside, from a notebook or a Python file anywhere."""

import ast
import json
import linecache
import re
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from labkit.course import TODOS
from labkit.errors import CourseError
from labkit.time_limit import EndlessError, time_limit

_CELL_SECONDS = 5.0
_FILE_SECONDS = 60.0
_STUB = re.compile(r'raise NotImplementedError\("TODO (\w+):')


class AnswerNotFoundError(CourseError):
    """An answer is not where it should be."""


def answer(todo: str) -> Any:
    """Return your own answer to a TODO of an earlier lesson, from the notebook in this folder.

    Says so where it does not pass its check. Raises AnswerNotFoundError with the notebook to finish where
    it is not there.
    """
    found = find_answer(todo, Path("."))
    from labkit.checks import NamespaceSubject, judge  # they take a second to import

    verdict = judge(todo, NamespaceSubject({todo: found}))
    if not verdict.passed:
        print(f"Mind: {todo} in {TODOS[todo]}.ipynb does not pass its check yet. {verdict.message}")
    return found


def find_answer(todo: str, folder: Path) -> Any:
    """Return the answer to a TODO from its notebook in `folder`, right or wrong.

    Raises AnswerNotFoundError with the notebook to finish where it is not there.
    """
    if todo not in TODOS:
        raise AnswerNotFoundError(f"There is no TODO {todo!r}. The TODOs are: {', '.join(TODOS)}.")
    path = folder / f"{TODOS[todo]}.ipynb"
    if not path.exists():
        raise AnswerNotFoundError(
            f"{todo} comes from {path}, which is not in this folder. "
            "Put it there, finish it, then run this cell again."
        )
    namespace = load_answers(path)
    if todo in namespace["__labkit_empty__"]:
        raise AnswerNotFoundError(
            f"{todo} in {path} is still empty. Finish it there and save, then run this cell again."
        )
    if todo not in namespace:
        why = namespace["__labkit_answer__"].get(todo, "its TODO cell does not define it")
        raise AnswerNotFoundError(
            f"{todo} cannot be taken from {path}: {why}. Finish it there and save, then run this cell again."
        )
    return namespace[todo]


def load_answers(path: Path) -> dict[str, Any]:
    """Execute a Python file, or a notebook's TODO cells and definitions, and return the names they define.

    Of a notebook's other cells only imports, functions, classes and lines such as `q_sample =
    answer("q_sample")` are run: no training, no figures. Why a TODO cell failed stands in the result's
    "__labkit_answer__", by its name; which still hold the released stub, in "__labkit_empty__". A TODO
    cell is stopped after 5 seconds, a Python file after 60: it may import torch first.

    Raises AnswerNotFoundError where the file is no notebook and no Python file.
    """
    failures: dict[str, str] = {}
    pieces = _pieces(path)
    namespace: dict[str, Any] = {
        "__name__": path.stem,
        "__labkit_answer__": failures,
        "__labkit_empty__": [todo for _, source in pieces for todo in empty_todos(source)],
    }
    for number, (todo, source) in enumerate(pieces):
        name = f"<{todo or 'code'} {number} of {path.name}>"
        namespace["answer"] = partial(find_answer, folder=path.parent)  # beside this file, wherever we are
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        if path.suffix == ".py":
            limit = time_limit(_FILE_SECONDS)
        else:  # an earlier answer has limits of its own where it comes from
            limit = time_limit(_CELL_SECONDS) if todo else nullcontext()
        try:
            with limit:
                exec(compile(source, name, "exec"), namespace)
        except EndlessError as error:
            failures.setdefault(todo, str(error).rstrip("."))
        except (Exception, SystemExit) as error:
            failures.setdefault(todo, f"{type(error).__name__}: {error}")
    return namespace


def empty_todos(source: str) -> list[str]:
    """The TODOs whose released stub still stands in the code."""
    return list(dict.fromkeys(_STUB.findall(source)))


def _pieces(path: Path) -> list[tuple[str, str]]:
    """The pieces of code to execute, each with the TODO that it belongs to ("" for imports)."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise AnswerNotFoundError(f"{path} cannot be read: {reason}.") from None
    if path.suffix == ".py":
        return [("", text)]
    pieces = []
    try:
        for cell in json.loads(text)["cells"]:  # nbformat takes a second to import, in every lesson
            if cell["cell_type"] == "code":
                source = without_magics("".join(cell["source"]))
                metadata = cell["metadata"].get("nbgrader") or {}
                if metadata.get("solution"):
                    pieces.append((metadata.get("grade_id", ""), source))
                else:
                    pieces += [("", definition) for definition in _definitions(source)]
    except Exception:  # whatever a broken file makes the reader raise
        raise AnswerNotFoundError(f"{path} is no notebook; take a fresh copy from the course.") from None
    return pieces


def without_magics(source: str) -> str:
    """The cell without the lines that are IPython's; as it is where all of it is Python."""
    try:
        ast.parse(source)
        return source
    except SyntaxError:
        return re.sub(r"^\s*[%!].*$", "", source, flags=re.MULTILINE)


def _definitions(source: str) -> list[str]:
    """The imports, functions, classes and earlier answers of a cell; none where it is no Python."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return []
    kinds = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef
    return [ast.unparse(node) for node in statements if isinstance(node, kinds) or _is_earlier_answer(node)]


def _is_earlier_answer(node: ast.stmt) -> bool:
    """Whether this is a line such as `q_sample = answer("q_sample")`."""
    return (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "answer"
    )

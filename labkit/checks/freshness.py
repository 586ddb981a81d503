"""Is what would be judged what the student sees? Kernels and cells grow stale."""

import ast
import hashlib
import inspect
import re
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import labkit
from labkit.errors import CourseError
from labkit.notebooks.cells import UNREADABLE, tree_of


class StaleKernelError(CourseError):
    """The kernel runs an older labkit than the one that is installed."""


def demand_fresh_kernel() -> None:
    """Raise StaleKernelError where labkit was updated after this kernel started."""
    installed = version("ddpm-lab")
    if installed != labkit.__version__:
        raise StaleKernelError(
            f"This kernel still runs labkit {labkit.__version__}, but {installed} is installed. "
            "Restart the kernel (menu Kernel → Restart) and run the cells from the top."
        )


def last_change_did_not_run(todo: str, namespace: dict[str, Any]) -> bool:
    """Whether the last cell that defines `todo` stopped with an error: then an older version is still there.

    Only where it is certain: the version in the namespace comes from an earlier cell of this kernel.
    """
    source = source_of(namespace.get(todo))
    if source is None:
        return False
    definition = re.compile(rf"^(?:def|class)\s+{re.escape(todo)}\b", re.MULTILINE)
    cells = [cell for cell in namespace.get("In", []) if isinstance(cell, str) and definition.search(cell)]
    return any(source in cell for cell in cells[:-1]) and source not in cells[-1]


def source_of(answer: Any) -> str | None:
    """The code of a function, or of a class's __init__; None where Python does not know it."""
    function: Any = answer.__init__ if inspect.isclass(answer) else answer
    try:
        return inspect.getsource(inspect.unwrap(function)).strip("\n")
    except (OSError, TypeError, ValueError):
        return None


def fingerprint(todo: str, sources: Sequence[str]) -> str | None:
    """Which code defines `todo`: 16 digits of the last of these cells that does; None where none does.

    Comments and blank lines do not count.
    """
    for source in reversed(sources):
        tree = tree_of(source) if todo in source else None
        if tree is not None and any(getattr(one, "name", None) == todo for one in tree.body):
            try:
                return hashlib.sha256(ast.unparse(tree).encode(errors="replace")).hexdigest()[:16]
            except UNREADABLE:
                return None
    return None

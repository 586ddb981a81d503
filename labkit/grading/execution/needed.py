"""Which of a notebook's cells do the points depend on?"""

import ast

from labkit.course.syllabus import LOOKS
from labkit.notebooks import names
from labkit.notebooks.names import names_of


def needed(cells: list[str], tests: list[str]) -> list[bool]:
    """For each cell's source, whether a test reads a name that the cell binds, directly or through others.

    A cell that works by side effects alone, or is no Python, counts as not needed: this is where to begin, no
    proof.
    """
    wanted = {name for test in tests for name in [*names_of(test).read, *_read_by_check(test)]}
    return names.needed([names_of(source) for source in cells], wanted)


def _read_by_check(test: str) -> list[str]:
    """What check("q_sample") asks a notebook for."""
    names: list[str] = []
    for node in ast.walk(ast.parse(test)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "check" and node.args:
            todo = getattr(node.args[0], "value", None)
            names += LOOKS.get(str(todo), [str(todo)])
    return names

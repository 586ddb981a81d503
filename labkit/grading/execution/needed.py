"""Which of a notebook's cells do the points depend on?"""

import ast
import symtable

from labkit.course import READ_BY_CHECKS

MOST_CHARACTERS = 2**18
"""Of a cell: a longer one is not parsed here, where it could fill the memory."""


def needed(cells: list[str], tests: list[str]) -> list[bool]:
    """For each cell's source, whether a test reads a name that the cell binds, directly or through others.

    A cell that works by side effects alone, or is no Python, counts as not needed: this is where to begin, no
    proof.
    """
    tables = [_table(source) for source in cells]
    wanted = {name for test in tests for name in [*_read(_table(test)), *_read_by_check(test)]}
    binds: dict[str, list[int]] = {}
    for i, table in enumerate(tables):
        for name in _bound(table) if table is not None else ():
            binds.setdefault(name, []).append(i)
    chosen, left = [False] * len(cells), list(wanted)
    while left:
        for i in binds.pop(left.pop(), ()):
            if not chosen[i]:
                chosen[i] = True
                left += _read(tables[i])
    return chosen


def _read_by_check(test: str) -> list[str]:
    """What check("q_sample") asks a notebook for."""
    names = []
    for node in ast.walk(ast.parse(test)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) == "check" and node.args:
            todo = getattr(node.args[0], "value", None)
            names += READ_BY_CHECKS.get(str(todo), [str(todo)])
    return names


def _table(source: str) -> symtable.SymbolTable | None:
    if len(source) > MOST_CHARACTERS:
        return None
    try:
        return symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _bound(table: symtable.SymbolTable) -> set[str]:
    symbols = table.get_symbols()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}


def _read(table: symtable.SymbolTable | None) -> set[str]:
    """The names that a cell takes from the notebook, those that its functions take at some time included."""
    if table is None:
        return set()
    is_top = table.get_type() == "module"
    own = {s.get_name() for s in table.get_symbols() if s.is_referenced() and (is_top or s.is_global())}
    return own.union(*map(_read, table.get_children()))

"""Which names does a piece of code bind, which does it read, and which pieces does a name need?"""

import ast
import symtable
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from labkit.notebooks.cells import UNREADABLE, tree_of

_DEFINITIONS = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_ASSIGNMENTS = ast.Assign | ast.AugAssign | ast.AnnAssign
_BLOCKS = ast.If | ast.Try | ast.With | ast.ExceptHandler


@dataclass(frozen=True)
class Names:
    """What a piece of code has to do with the notebook's names.

    `bound` are those that it imports, defines, assigns or changes a part of (`table["a"] = 1`); `read` those
    that it takes, those that its functions take at some time included.
    """

    bound: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()


def names_of(source: str) -> Names:
    """The names of a cell; none where it is no Python."""
    tree = tree_of(source)
    return Names() if tree is None else names_in(tree.body)


def names_in(statements: list[ast.stmt]) -> Names:
    """The names of these statements, one after the other."""
    try:
        table = symtable.symtable(ast.unparse(ast.Module(statements, [])), "cell", "exec")
    except UNREADABLE:
        return Names()
    symbols = table.get_symbols()
    bound = {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
    return Names(frozenset(bound.union(*map(_changed, statements))), frozenset(_read(table)))


def needed(pieces: Sequence[Names], wanted: Iterable[str]) -> list[bool]:
    """For each piece of a notebook, whether a wanted name comes from it, directly or through others."""
    binds: dict[str, list[int]] = {}
    for i, names in enumerate(pieces):
        for name in names.bound:
            binds.setdefault(name, []).append(i)
    chosen, left = [False] * len(pieces), list(wanted)
    while left:
        for i in binds.pop(left.pop(), ()):
            if not chosen[i]:
                chosen[i] = True
                left += pieces[i].read
    return chosen


def defines(statement: ast.stmt) -> bool:
    """Whether this is an import, a function or a class."""
    return isinstance(statement, _DEFINITIONS)


def only_binds(statement: ast.stmt) -> bool:
    """Whether all that a statement is there for are names: it shows nothing, and loops over nothing."""
    return all(
        isinstance(part, _DEFINITIONS | _ASSIGNMENTS | _BLOCKS | ast.Pass)
        or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        for part in _parts(statement)
    )


def called_upon(statement: ast.stmt) -> Iterator[str]:
    """The names of what a statement calls a method of, for that alone, as in `table.append(1)`."""
    for part in _parts(statement):
        match part:
            case ast.Expr(value=ast.Call(func=ast.Attribute() as target)):
                yield from _owner(target)


def _owner(target: ast.expr) -> Iterator[str]:
    """The name at the root of an attribute or an item."""
    while isinstance(target, ast.Attribute | ast.Subscript):
        target = target.value
    if isinstance(target, ast.Name):
        yield target.id


def _changed(statement: ast.stmt) -> Iterator[str]:
    """The names of what a statement sets an attribute or an item of."""
    for part in _parts(statement):
        if isinstance(part, _ASSIGNMENTS):
            for target in part.targets if isinstance(part, ast.Assign) else [part.target]:
                yield from _owner(target)


def _parts(statement: ast.stmt) -> Iterator[ast.AST]:
    """A statement, and those in its blocks, down to definitions."""
    left: list[ast.AST] = [statement]
    while left:
        yield (part := left.pop())
        if not isinstance(part, _DEFINITIONS):
            inner = ast.iter_child_nodes(part)
            left += [node for node in inner if isinstance(node, ast.stmt | ast.excepthandler)]


def _read(table: symtable.SymbolTable) -> set[str]:
    is_top = table.get_type() == "module"
    own = {s.get_name() for s in table.get_symbols() if s.is_referenced() and (is_top or s.is_global())}
    return own.union(*map(_read, table.get_children()))

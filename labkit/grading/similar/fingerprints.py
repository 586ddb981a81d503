"""Fingerprints of an answer: winnowing over k-grams of its normalised syntax tree.

Winnowing is the method of Schleimer, Wilkerson and Aiken, "Winnowing: Local Algorithms for Document
Fingerprinting" (SIGMOD 2003). What does not matter is left out of the tree first: names of variables and
arguments, values of constants, docstrings, comments, annotations, formatting, imports, the order of
statements and of what is added or multiplied. What an answer calls and reads (`torch.sqrt`,
`schedule.betas`) stays.
"""

import ast
import hashlib
from collections.abc import Iterator

from labkit.notebooks.cells import tree_of

GRAM = 8
"""Tokens in a k-gram: shorter matches are noise."""

WINDOW = 2
"""Of so many k-grams in a row one is kept: a common run of GRAM + WINDOW − 1 tokens is never missed."""

MOST_CHARACTERS = 20_000
"""Of an answer that is compared: right ones have a tenth of it."""

_KINDS = {int: "number", float: "number", complex: "number", str: "text", bytes: "text", bool: "truth"}
_ORDERLESS = ast.Add | ast.Mult

Token = tuple[str, int]
"""What stands in the tree, and in which line"""


def fingerprints(source: str) -> dict[int, set[int]]:
    """Fingerprint → the lines of `source`, counted from 1, that it covers.

    Empty where `source` is no Python, or has more than MOST_CHARACTERS.
    """
    found: dict[int, set[int]] = {}
    for tokens in _statements(source):
        grams = [tokens[start : start + GRAM] for start in range(len(tokens) - GRAM + 1)]
        for gram in _winnowed(grams):
            found.setdefault(_hash(gram), set()).update(line for _, line in gram)
    return found


def _winnowed(grams: list[list[Token]]) -> list[list[Token]]:
    """Of every WINDOW neighbours the one with the least hash, the last of equals."""
    hashes = [_hash(gram) for gram in grams]
    places = range(len(grams))
    windows = [places[start : start + WINDOW] for start in range(max(1, len(grams) - WINDOW + 1))]
    kept = {min(window, key=lambda place: (hashes[place], -place)) for window in windows if window}
    return [grams[place] for place in sorted(kept)]


def _hash(gram: list[Token]) -> int:
    """The same in every process, which Python's own hash of a text is not."""
    text = "\0".join(word for word, _ in gram)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def _statements(source: str) -> list[list[Token]]:
    """The tokens of each statement, without those of the statements in it."""
    if len(source) > MOST_CHARACTERS:
        return []
    tree = tree_of(source)
    if tree is None:
        return []
    try:
        normal = _Normal(tree)
        return [list(normal.walk(node, 0)) for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    except RecursionError:
        return []


class _Normal:
    """Knows which names an answer made up itself, and leaves them out."""

    def __init__(self, tree: ast.Module):
        self._own: set[str] = set()
        self._own_attributes: set[str] = set()
        self._imported: dict[str, str] = {}
        """name here → name where it comes from"""
        for node in ast.walk(tree):
            match node:
                case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                    self._own.add(name)
                case ast.Attribute(attr=name, ctx=ast.Store()):
                    self._own_attributes.add(name)
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    self._own.add(name)
                    self._own_attributes.add(name)
                case ast.ImportFrom(names=names):
                    self._imported |= {one.asname: one.name for one in names if one.asname}

    def walk(self, node: ast.AST, line: int) -> Iterator[Token]:
        """A token for each node from `node` down, in the order of the text; `line` is that of its parent."""
        line = getattr(node, "lineno", line)
        match node:
            case ast.Import() | ast.ImportFrom() | ast.Pass() | ast.expr_context():
                return
            case ast.Expr(value=ast.Constant()):  # a docstring, or a text that does nothing
                return
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=ast.Constant() as number):
                yield from self.walk(number, line)
            case ast.Constant(value=value):
                yield _KINDS.get(type(value), repr(value)), line
            case ast.Name(id=name):
                yield "own" if name in self._own else self._imported.get(name, name), line
            case ast.Attribute(value=value, attr=name):
                yield "own" if name in self._own_attributes else name, line
                if not self._is_module(value):
                    yield from self.walk(value, line)
            case ast.BinOp(left=left, op=op, right=right):
                sides = [list(self.walk(side, line)) for side in (left, right)]
                if isinstance(op, _ORDERLESS):
                    sides.sort(key=lambda side: [word for word, _ in side])
                yield type(op).__name__, line
                yield from sides[0] + sides[1]
            case ast.AnnAssign(target=target, value=value):
                yield "Assign", line
                yield from self.walk(target, line)
                yield from self.walk(value, line) if value else ()
            case ast.arg():
                yield "own", line
            case _:
                yield type(node).__name__, line
                for child in ast.iter_child_nodes(node):
                    if not isinstance(child, ast.stmt) and child is not getattr(node, "returns", None):
                        yield from self.walk(child, line)

    def _is_module(self, node: ast.expr) -> bool:
        """Whether this is a name such as `torch` or `torch.nn`: how a function was imported says nothing."""
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and node.id not in self._own

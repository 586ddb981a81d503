"""A notebook's cells as Python: what is IPython's in them is turned into nothing.

`!ls`, `name?`, `%timeit …` and `await …` do nothing here, `x = !ls` is an empty list; `%time`, `%prun` and
`%%capture` leave the code that they run. Lines keep their numbers, so that an error names the right one.
"""

import ast
import re
import warnings
from collections.abc import Iterator

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""All that a text which is no Python, or a hostile one, makes Python's own readers raise."""

MOST_CHARACTERS = 2**18
"""Of a cell that is read but not run: a longer one could fill the memory."""

_MOST_WORK = 200_000
"""Characters of a cell × its lines for IPython, which reads the whole cell again for each of them."""

_MOST_OF_A_LINE = 1000
"""Characters: of a longer one IPython takes the square of its length to find the name before a `?`."""

_FOR_IPYTHON = re.compile(r"\s*[%!,;/]|.*=\s*[%!]|.*\?")
"""How a line begins that IPython may rewrite. It ends lines where str.splitlines does."""

_RUN_THEIR_CODE = ("time", "prun", "capture")
_STUB = re.compile(r"""raise NotImplementedError\(["']TODO (\w+):""")


def parse_cell(source: str, name: str = "<cell>") -> ast.Module:
    """The syntax tree of a cell, or of a Python file.

    Raises one of UNREADABLE where it is no Python.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a "\d": whoever runs the cell has been told
        try:
            tree = ast.parse(source, name)
        except SyntaxError:
            blank = len(source) - len(source.lstrip())
            tree = ast.parse(transformed := _as_python(source), name)
            ast.increment_lineno(tree, source.count("\n", 0, blank))  # IPython drops what is blank above
            source = transformed
    if re.search("get_ipython|async|await", source):
        tree = ast.fix_missing_locations(_WithoutIPython().visit(tree))
    return tree


def tree_of(source: str) -> ast.Module | None:
    """As `parse_cell`; None where the cell is no Python, or longer than MOST_CHARACTERS."""
    if len(source) > MOST_CHARACTERS:
        return None
    try:
        return parse_cell(source)
    except UNREADABLE:
        return None


def why_no_python(source: str) -> str:
    """What Python says of a cell that it cannot read, with the line; empty where it can, or nobody tried."""
    if len(source) > MOST_CHARACTERS:
        return ""
    try:
        parse_cell(source)
    except SyntaxError as error:
        return f"line {error.lineno}, {error.msg}"
    except UNREADABLE as error:
        return type(error).__name__
    return ""


def empty_todos(source: str) -> list[str]:
    """The TODOs whose released stub still stands in a cell, where it can be reached."""
    try:
        return list(dict.fromkeys(stubs_in(tree))) if (tree := tree_of(source)) is not None else []
    except RecursionError:
        return []


def stubs_in(node: ast.AST) -> Iterator[str]:
    """The TODOs of the stubs in a piece of code. One below a `return` is none: an answer stands above it."""
    for _, field in ast.iter_fields(node):
        for child in field if isinstance(field, list) else ():
            if isinstance(child, ast.Raise):
                yield from _STUB.findall(ast.unparse(child))
            elif isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
                yield from stubs_in(child)
            if isinstance(child, ast.Raise | ast.Return):
                break


def _as_python(source: str) -> str:
    """What IPython makes of a cell that is no Python; itself where that would take too long."""
    lines = [line for line in source.splitlines() if _FOR_IPYTHON.match(line)]
    if len(source) * len(lines) > _MOST_WORK or max(map(len, lines), default=0) > _MOST_OF_A_LINE:
        return source
    from IPython.core.inputtransformer2 import TransformerManager  # half a second where nobody has it yet

    try:
        return TransformerManager().transform_cell(source)
    except (RuntimeError, SyntaxError):
        return source


class _WithoutIPython(ast.NodeTransformer):
    """Puts None in the place of what goes through get_ipython(), or awaits outside a function."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        match node.value:
            case ast.Call(args=[ast.Constant(value=magic), *options, ast.Constant(value=str(code))]) if (
                _is_ipythons(node.value) and magic in _RUN_THEIR_CODE
            ):
                try:
                    inner = parse_cell(code)
                except SyntaxError:
                    if options:
                        raise
                    return ast.Pass()  # a line's magic has its own options before the code: `%prun -l 5 f()`
                # A cell's magic stands in a line of its own above the code.
                return ast.increment_lineno(inner, node.lineno - (0 if options else 1)).body or ast.Pass()
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not _is_ipythons(node):
            return self.generic_visit(node)
        called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        return ast.List([], ast.Load()) if called == "getoutput" else ast.Constant(None)

    def visit_Await(self, node: ast.Await) -> ast.AST:
        return ast.Constant(None)

    def visit_AsyncFor(self, node: ast.AsyncFor | ast.AsyncWith) -> ast.AST:
        return ast.Pass()

    visit_AsyncWith = visit_AsyncFor

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return node  # there, await is Python


def _is_ipythons(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Call(func=ast.Name(id="get_ipython"))):
            return True
    return False

"""What somebody does to a copied answer so that it looks like another: the same program in other words."""

import ast
from itertools import count

OPAQUE = ast.Return | ast.Raise | ast.Assert | ast.Break | ast.Continue | ast.Expr
"""Statements that others do not move across"""


def disguise(source: str) -> str:
    """The same answer: new names and comments, lines and operands turned around, numbers respelt."""
    tree = ast.parse(source)
    own = _own_names(tree)
    top = next(node.name for node in tree.body[::-1] if isinstance(node, ast.FunctionDef | ast.ClassDef))
    methods = {
        m.name for c in ast.walk(tree) if isinstance(c, ast.ClassDef) for m in c.body if hasattr(m, "name")
    }
    fresh = (f"my_{number}" for number in count())
    names = {name: next(fresh) for name in sorted(own - {top} - methods)}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name):
                node.id = names.get(name, name)
            case ast.arg(arg=name):
                node.arg = names.get(name, name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                node.name = names.get(name, name)
                node.body = [one for one in node.body if not _is_text(one)]
        if isinstance(body := getattr(node, "body", None), list):
            node.body = _reordered(body)
    return f"# All by myself.\n{ast.unparse(_Respelt().visit(tree))}\n# This was hard work.\n"


def padded(source: str) -> str:
    """The same answer after two lines that change nothing."""
    tree = ast.parse(source)
    last = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)][-1]
    last.body[:0] = ast.parse(
        "import math\npadding = math.floor(math.pi) - 3\nassert padding == 0, 'no'"
    ).body
    return ast.unparse(tree)


def _own_names(tree: ast.Module) -> set[str]:
    stored = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    arguments = {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    return stored | arguments | {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _reordered(body: list[ast.stmt]) -> list[ast.stmt]:
    """Of the statements that may come next, the one that stood last comes first."""
    left, done = list(body), []
    while left:
        free = [node for place, node in enumerate(left) if not any(_clash(one, node) for one in left[:place])]
        done.append(free[-1])
        left.remove(free[-1])
    return done


def _clash(first: ast.stmt, second: ast.stmt) -> bool:
    """Whether these two must stay in this order."""
    if any(isinstance(node, OPAQUE) for one in (first, second) for node in ast.walk(one)):
        return True
    (reads, writes), (reads_too, writes_too) = _touched(first), _touched(second)
    return bool(writes & (reads_too | writes_too) or reads & writes_too)


def _touched(statement: ast.stmt) -> tuple[set[str], set[str]]:
    reads, writes = set(), set()
    for node in ast.walk(statement):
        match node:
            case ast.AugAssign(target=ast.Name(id=name)):
                reads.add(name)
                writes.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                writes.add(name)
            case ast.Name(id=name):
                reads.add(name)
            case ast.alias(name=name, asname=asname):
                writes.add((asname or name).partition(".")[0])
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                writes.add(name)
    return reads, writes


class _Respelt(ast.NodeTransformer):
    """0x1 for 1, 5e-01 for 0.5, b + a for a + b."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if type(node.value) is int:
            return ast.Name(hex(node.value))
        return ast.Name(f"{node.value:.17e}") if type(node.value) is float else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Mult):
            node.left, node.right = node.right, node.left
        return node

"""Formulas as trees: read from a line that looks like the paper's, evaluated, and written down again."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

SYMBOLS = {
    "α": ("α_t", r"\alpha_t"),
    "β": ("β_t", r"\beta_t"),
    "ᾱ": ("ᾱ_t", r"\bar\alpha_t"),
    "ᾱ_prev": ("ᾱ_{t−1}", r"\bar\alpha_{t-1}"),
    "ε": ("ε", r"\epsilon"),
    "x̂_0": ("x̂_0", r"\hat x_0"),
    "ε̂": ("ε̂", r"\hat\epsilon"),
    "π": ("π", r"\pi"),
}
"""How a name of a formula looks, as plain text and in LaTeX; others look as they are."""

_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_PRECEDENCE = {"+": 0, "-": 0, "minus": 1, "*": 2, "/": 2}


@dataclass(frozen=True)
class Node:
    """A formula, or a part of one.

    `op` is one of + - * / minus root square cos, with arguments; name or number, with a value; call, with an
    argument and the function's name; or where, with a formula, what a name or a function of u in it means,
    and that name.
    """

    op: str
    args: tuple["Node", ...] = ()
    value: Any = None

    def with_part(self, path: tuple[int, ...], part: "Node") -> "Node":
        """The same with another part at this path, the numbers of the arguments that lead there."""
        if not path:
            return part
        args = list(self.args)
        args[path[0]] = args[path[0]].with_part(path[1:], part)
        return Node(self.op, tuple(args), self.value)

    def names(self) -> frozenset[str]:
        """All names that stand in it."""
        if self.op == "name":
            return frozenset([self.value])
        return frozenset().union(*(part.names() for part in self.args))

    def free_names(self) -> frozenset[str]:
        """The names, and the functions that are called, which it does not explain itself."""
        if self.op == "where":
            formula, meaning = self.args
            return (formula.free_names() - {self.value.removesuffix("(u)")}) | (meaning.free_names() - {"u"})
        own = frozenset([self.value]) if self.op in ("name", "call") else frozenset[str]()
        return own.union(*(part.free_names() for part in self.args))

    def at(self, values: Mapping[str, Any]) -> Any:
        """Its value where these are the names'."""
        if self.op == "name":
            return values[self.value]
        if self.op == "number":
            return self.value
        if self.op == "where":
            formula, meaning = self.args
            if self.value.endswith("(u)"):
                return formula.at({**values, self.value[:-3]: lambda u: meaning.at({**values, "u": u})})
            return formula.at({**values, self.value: meaning.at(values)})
        parts = [part.at(values) for part in self.args]
        match self.op:
            case "+":
                return parts[0] + parts[1]
            case "-":
                return parts[0] - parts[1]
            case "*":
                return parts[0] * parts[1]
            case "/":
                return parts[0] / parts[1]
            case "minus":
                return -parts[0]
            case "root":
                return np.sqrt(parts[0])
            case "square":
                return np.square(parts[0])
            case "call":
                return values[self.value](parts[0])
        return np.cos(parts[0])

    @property
    def text(self) -> str:
        """As people write it in a line."""
        if self.op == "where":
            formula, meaning = self.args
            return f"{formula.text}, where {looks(self.value)} = {meaning.text}"
        if not self.args:
            return looks(self.value)
        if self.op in ("root", "square", "cos", "call"):
            inner, bare = self.args[0].text, not self.args[0].args
            if self.op == "root":
                return f"√{inner}" if bare else f"√({inner})"
            if self.op == "square":
                return f"{inner}²" if bare or self.args[0].op in ("cos", "call") else f"({inner})²"
            return f"{self.value or 'cos'}({inner})"
        parts = [_in_brackets(self, k, part.text, "({})") for k, part in enumerate(self.args)]
        wide = self.op == "*" and any(part.op == "/" for part in self.args)  # 1/√α · x is no 1/(√α·x)
        return f"−{parts[0]}" if self.op == "minus" else (" · " if wide else _SIGNS[self.op]).join(parts)

    @property
    def latex(self) -> str:
        """For a page with mathematics."""
        if self.op == "where":
            formula, meaning = self.args
            return rf"{formula.latex}, \quad {looks(self.value, 1)} = {meaning.latex}"
        if not self.args:
            return looks(self.value, 1)
        if self.op in ("root", "square", "cos", "call"):
            inner = self.args[0].latex
            name = {"cos": r"\cos"}.get(self.op, self.value)
            return {"root": rf"\sqrt{{{inner}}}", "square": rf"\left({inner}\right)^2"}.get(
                self.op, rf"{name}\left({inner}\right)"
            )
        if self.op == "/":
            return rf"\frac{{{self.args[0].latex}}}{{{self.args[1].latex}}}"
        parts = [
            part.latex if part.op == "/" else _in_brackets(self, k, part.latex, r"\left({}\right)")
            for k, part in enumerate(self.args)
        ]
        sign = {"*": r"\,", "minus": "-"}.get(self.op, f" {self.op} ")
        return f"-{parts[0]}" if self.op == "minus" else sign.join(parts)


_SIGNS = {"+": " + ", "-": " − ", "*": "·", "/": "/"}


def parse(source: str) -> Node:
    """From Python's syntax, with + − * / sqrt(…) cos(…) and …**2: `sqrt(ᾱ) * x_0 + sqrt(1 - ᾱ) * ε`.

    Raises ValueError for anything else.
    """
    try:
        return _read(ast.parse(source, mode="eval").body)
    except SyntaxError as error:
        raise ValueError(f"The formula {source!r} cannot be read: {error.msg}.") from None
    except _Unknown as part:
        raise ValueError(
            f"The formula {source!r} has {part}; there is + - * / sqrt(…) cos(…) and …**2."
        ) from None


class _Unknown(Exception):
    """A part of Python that no formula has."""


def _read(node: Any) -> Node:
    match node:
        case ast.Name(id=name):
            return Node("name", value=name)
        case ast.Constant(value=int() | float() as number):
            return Node("number", value=number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Node("minus", (_read(operand),))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
            op = {"sqrt": "root", "cos": "cos"}.get(name, "call")
            return Node(op, (_read(argument),), name if op == "call" else None)
        case ast.BinOp(op=ast.Pow(), left=base, right=ast.Constant(value=2)):
            return Node("square", (_read(base),))
        case ast.BinOp(op=operator) if type(operator) in _OPERATORS:
            return Node(_OPERATORS[type(operator)], (_read(node.left), _read(node.right)))
    raise _Unknown(repr(ast.unparse(node)))


def looks(value: Any, style: int = 0) -> str:
    """A name or a number, as plain text (0) or in LaTeX (1)."""
    return SYMBOLS[value][style] if value in SYMBOLS else str(value)


def _in_brackets(node: Node, k: int, text: str, brackets: str) -> str:
    """The text of the k-th argument, as it has to stand in this node."""
    own, inner = _PRECEDENCE[node.op], _PRECEDENCE.get(node.args[k].op, 3)
    needed = inner < own or (inner == own and k == 1 and node.op in "-/") or (inner == 1 and k == 1)
    return brackets.format(text) if needed else text

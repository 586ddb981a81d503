"""Mutants of the solutions: in each, one place of the syntax tree is changed.

An answer of the lessons is a dozen lines, so that nearly every slip that fits into one place can be tried.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat

from labkit.checks import NamespaceSubject, Verdict, judge
from labkit.course.answers import load_answers
from labkit.course.syllabus import TODOS, assignment_of

SOLUTIONS = Path(__file__).parents[2] / "solutions"

_TABLES = ("betas", "alphas", "alphas_cumprod", "alphas_cumprod_prev")
_OPERATORS = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
_COMPARISONS = {
    ast.Eq: (ast.NotEq, ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.NotIn: (ast.In,),
}
_RELATIVES = {
    "randn": ("rand", "zeros", "ones"),
    "randn_like": ("rand_like", "zeros_like", "ones_like"),
    "mse_loss": ("l1_loss", "smooth_l1_loss"),
    "silu": ("relu", "gelu", "tanh"),
    "cos": ("sin",),
    "sqrt": ("square", "exp"),
    "square": ("sqrt", "abs"),
    "ValueError": ("KeyError",),
}
_OTHER_KINDS = ("self", "_", "schedule", "network", "device", "predictor", "steps")
_UNTOUCHED = {"annotation", "returns", "decorator_list", "bases"}


@dataclass(frozen=True)
class Mutant:
    """`name` says what was changed: the line as it was, the place as it was, and as it is now."""

    todo: str
    name: str
    source: str


def _notebook(todo: str) -> Path:
    """The solved notebook that answers a TODO."""
    name = TODOS[todo]
    assignment = assignment_of(name)
    return SOLUTIONS / assignment / f"{name}.ipynb"


def solution_cell(todo: str) -> str:
    """The cell of the solved notebook that answers a TODO."""
    cells = nbformat.read(_notebook(todo), as_version=4).cells
    (source,) = (cell.source for cell in cells if cell.metadata.get("nbgrader", {}).get("grade_id") == todo)
    return source


def mutants(todo: str) -> list[Mutant]:
    """All mutants of the solution of a TODO, in the order of its lines."""
    tree = ast.parse(solution_cell(todo))
    found: dict[str, Mutant] = {}
    seen = {ast.unparse(tree)}

    def add(name: str) -> None:
        source = ast.unparse(tree)
        if source not in seen:
            seen.add(source)
            while name in found:  # the same change at another place of the line
                name += " again"
            found[name] = Mutant(todo, name, source)

    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        names = _names(function)
        for statement in _statements(function):
            line = ast.unparse(statement).splitlines()[0]
            for what in _mutate_within(statement, names):
                add(f"{line}  |  {what}")
        for what in _without_statements(function):
            add(what)
    return list(found.values())


def _names(function: ast.FunctionDef) -> list[str]:
    """The arguments and variables of a function that may stand for one another without breaking at once."""
    arguments = [argument.arg for argument in function.args.args]
    stored = [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return list(dict.fromkeys(name for name in [*arguments, *stored] if name not in _OTHER_KINDS))


def _statements(function: ast.FunctionDef) -> Iterator[ast.stmt]:
    """Every statement but docstrings; of compound ones, their heads too."""
    for node in ast.walk(function):
        if isinstance(node, ast.stmt) and node is not function and not _is_docstring(node):
            yield node


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _mutate_within(parent: ast.AST, names: list[str]) -> Iterator[str]:
    """Put each replacement into the tree, say what it is, and put the old node back."""
    for field, value in list(ast.iter_fields(parent)):
        if field in _UNTOUCHED or (field == "func" and not isinstance(value, ast.Attribute)):
            continue
        children = value if isinstance(value, list) else [value]
        for index, child in enumerate(children):
            if not isinstance(child, ast.AST) or isinstance(child, ast.stmt):
                continue
            for new in _replacements(child, names):
                _put(parent, field, index, new)
                yield f"{ast.unparse(child)} → {ast.unparse(new)}"
                _put(parent, field, index, child)
            yield from _mutate_within(child, names)


def _put(parent: ast.AST, field: str, index: int, node: ast.AST) -> None:
    if isinstance(getattr(parent, field), list):
        getattr(parent, field)[index] = node
    else:
        setattr(parent, field, node)


def _replacements(node: ast.AST, names: list[str]) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp(left, operator, right):
            yield left
            yield right
            if type(operator) in _OPERATORS:
                yield ast.BinOp(left, _OPERATORS[type(operator)](), right)
            if isinstance(operator, ast.Sub | ast.Div):
                yield ast.BinOp(right, operator, left)
        case ast.Constant(bool() | str() | None):
            return
        case ast.Constant(int() as number):
            yield ast.Constant(number + 1)
            yield ast.Constant(number - 1)
        case ast.Constant(float() as number):
            yield ast.Constant(0.99 * number)
            yield ast.Constant(1.01 * number)
        case ast.UnaryOp(_, operand):
            yield operand
        case ast.Compare(left, [operator], [right]):
            for other in _COMPARISONS.get(type(operator), ()):
                yield ast.Compare(left, [other()], [right])
        case ast.Attribute(owner, name):
            relatives = _TABLES if name in _TABLES else (name, *_RELATIVES.get(name, ()))
            yield from (ast.Attribute(owner, other, ast.Load()) for other in relatives if other != name)
        case ast.Name(name, ast.Load()) if name in names:
            yield from (ast.Name(other, ast.Load()) for other in names if other != name)
        case ast.Call(function, arguments, keywords):
            yield from _other_calls(function, arguments, keywords)
        case ast.Tuple(elements, ast.Load()) if len(elements) > 1:
            yield ast.Tuple(elements[::-1], ast.Load())
            yield elements[0]
        case ast.List(elements, ast.Load()) if len(elements) > 1:
            yield ast.List(elements[::-1], ast.Load())
            yield from (
                ast.List([*elements[:i], *elements[i + 1 :]], ast.Load()) for i in range(len(elements))
            )
        case ast.Dict(keys, values) if len(keys) > 1:
            yield ast.Dict(keys, [*values[1:], values[0]])
            yield ast.Dict(keys[1:], values[1:])


def _other_calls(function: ast.expr, arguments: list, keywords: list) -> Iterator[ast.AST]:
    match function:
        case ast.Attribute(ast.Name("torch" | "F" | "nn")) | ast.Name():
            if len(arguments) == 1:
                yield arguments[0]  # reversed(steps) → steps
        case ast.Attribute(owner):
            yield owner  # x.sqrt() → x
    for i in range(len(arguments) - 1):
        swapped = copy.copy(arguments)
        swapped[i], swapped[i + 1] = swapped[i + 1], swapped[i]
        yield ast.Call(function, swapped, keywords)
    for i in range(len(keywords)):
        yield ast.Call(function, arguments, [*keywords[:i], *keywords[i + 1 :]])


def _without_statements(function: ast.FunctionDef) -> Iterator[str]:
    """Leave out each statement in turn, and the condition of each `if`."""
    blocks = [n.body for n in ast.walk(function) if isinstance(n, ast.FunctionDef | ast.If | ast.For)]
    for body in blocks:
        for index, statement in enumerate(list(body)):
            if _is_docstring(statement):
                continue
            line = ast.unparse(statement).splitlines()[0]
            body[index] = ast.Pass()
            yield f"{line}  |  left out"
            if isinstance(statement, ast.If):
                body[index : index + 1] = statement.body
                yield f"{line}  |  always"
                body[index : index + len(statement.body)] = [statement]
            body[index] = statement


@cache
def _other_answers(todo: str) -> dict[str, Any]:
    return load_answers(_notebook(todo))


def judge_mutant(mutant: Mutant) -> Verdict:
    """The check's verdict on a mutant, among the right answers to the other TODOs."""
    names = dict(_other_answers(mutant.todo))
    try:
        exec(compile(mutant.source, "<mutant>", "exec"), names)
    except Exception as error:
        return Verdict(mutant.todo, 0.0, "raised", f"{type(error).__name__}: {error}")
    return judge(mutant.todo, NamespaceSubject(names))

"""What slips make of a formula: edits at one place of its tree, or at several places alike."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from labkit.checks.judges.formula.tree import Node, looks

TABLES = {"α": "alphas", "β": "betas", "ᾱ": "alphas_cumprod", "ᾱ_prev": "alphas_cumprod_prev"}
"""The tables of a schedule: as they stand in formulas, and in the ids of mistakes"""

EVERYWHERE = "everywhere"

CONSTANTS = {"T", "s", "π", "t", "u"}
"""Names in formulas of a schedule itself"""

_ONE = Node("number", value=1)
_BETA = Node("name", value="β")

Path = tuple[int, ...]
"""Which argument of a node, of that one, and so on"""

Change = tuple[str, str, Node]
"""(id, words, what stands there instead)"""


@dataclass(frozen=True)
class Slip:
    """What was done: its id in the catalogue, in words, and in which part of the formula."""

    id: str
    text: str
    where: str = ""

    @property
    def sentence(self) -> str:
        """Without a full stop."""
        return f"{self.text}, {self.where}" if self.where else self.text


@dataclass(frozen=True)
class Edit:
    """A slip, and what it puts into the place of which parts of a tree."""

    slip: Slip
    parts: tuple[tuple[Path, Node], ...]

    def of(self, tree: Node) -> Node:
        """The tree with this slip."""
        for path, part in self.parts:
            tree = tree.with_part(path, part)
        return tree


def edits(tree: Node) -> list[Edit]:
    """All single slips: at each place, and at all places of a part, or of the whole, alike."""
    found = [
        _Found(name, text, path, new, parts)
        for path, node, parts in _places(tree)
        for name, text, new in _changes(node)
        if not (_is_rest(new) and path and _is_rest(_at(tree, path[:-1])))  # 1 − (1 − ᾱ) is ᾱ
    ]
    alike: dict[tuple[str, str], list[_Found]] = {}
    for one in found:
        alike.setdefault((one.id, one.text), []).append(one)
    single = [
        Edit(
            Slip(one.id, one.text, _where(one.parts) if len(alike[one.id, one.text]) > 1 else ""), one.change
        )
        for one in found
    ]
    roots = [one for one in found if one.id == "missing_root"]
    several = [edit for group in (*alike.values(), roots) for edit in _together(group)]
    return list(dict.fromkeys([*single, *several]))


@dataclass(frozen=True)
class _Found:
    """A slip at one place."""

    id: str
    text: str
    path: Path
    new: Node
    parts: tuple[str, ...]
    """Of the formula, in which it lies, the largest first"""

    @property
    def change(self) -> tuple[tuple[Path, Node], ...]:
        return ((self.path, self.new),)


def _where(parts: tuple[str, ...]) -> str:
    return " ".join(reversed(parts))


def _together(alike: list[_Found]) -> Iterator[Edit]:
    """The same slip at all places of a part, and at all places."""
    text = alike[0].text if len({one.text for one in alike}) == 1 else "the roots are missing"
    groups: dict[tuple[tuple[Path, Node], ...], str] = {}
    wheres = {one.parts[:k] for one in alike for k in range(len(one.parts) + 1)}
    for parts in sorted(wheres, key=lambda parts: (len(parts), parts)):
        inside = [part for one in alike if one.parts[: len(parts)] == parts for part in one.change]
        groups.setdefault(tuple(_apart(inside)), _where(parts) or EVERYWHERE)
    for changes, where in groups.items():
        if len(changes) > 1:
            yield Edit(Slip(alike[0].id, text, where), changes)


def _apart(parts: list[tuple[Path, Node]]) -> list[tuple[Path, Node]]:
    """Those that lie in none of the others."""
    paths = [path for path, _ in parts]
    return [
        (path, part)
        for path, part in parts
        if not any(path != other and path[: len(other)] == other for other in paths)
    ]


def _at(tree: Node, path: Path) -> Node:
    for k in path:
        tree = tree.args[k]
    return tree


def _places(
    node: Node, path: Path = (), parts: tuple[str, ...] = ()
) -> Iterator[tuple[Path, Node, tuple[str, ...]]]:
    """(path, node, the parts of the formula in which it lies) of every node."""
    yield path, node, parts
    for k, part in enumerate(node.args):
        name = _name_of_part(node, k)
        yield from _places(part, (*path, k), (*parts, name) if name else parts)


def _name_of_part(node: Node, k: int) -> str:
    """What the k-th argument of a node is called, where it has a name."""
    if len(node.args) == 1:
        return ""
    part, others = node.args[k], node.args[1 - k]
    if node.op == "where":
        return f"in {looks(node.value)}" if k == 1 else ""
    if node.op in _SUMS and _inputs(part) and _inputs(others):
        return f"in the factor of {looks(min(_inputs(part)))}" if len(_inputs(part)) == 1 else ""
    if node.op in ("*", "/") and _inputs(others) and not _inputs(part):
        return "in front of the bracket" if others.op in _SUMS else ""
    return ""


_SUMS = ("+", "-")


def _inputs(node: Node) -> frozenset[str]:
    """All names in it that are nothing of the schedule's."""
    return node.names() - TABLES.keys() - CONSTANTS


def _is_rest(node: Node) -> bool:
    """Whether it is 1 − a table."""
    return node.op == "-" and node.args[0] == _ONE and node.args[1].value in TABLES


def _changes(node: Node) -> Iterator[Change]:
    """The slips at one node."""
    match node:
        case Node("name", value=name) if name in TABLES:
            yield from _of_a_table(node)
        case Node("root", (inner,)):
            yield "missing_root", f"the root over {inner.text} is missing", inner
            if _is_rest(inner):
                yield _instead("one_minus_root", node, Node("-", (_ONE, Node("root", inner.args[1:]))))
        case Node("square", (inner,)):
            yield "square_left_out", f"the square of {inner.text} is missing", inner
        case Node("-", _) if _is_rest(node):
            yield from _of_a_rest(node)
        case Node("-", (left, right)) if left == _ONE and not right.names() & TABLES.keys():
            yield _instead("one_minus_left_out", node, right)
        case Node("+", (left, right)) if not _inputs(node):
            if left != _ONE:
                yield "left_out", f"{right.text} is left out of {node.text}", left
            yield "left_out", f"{left.text} is left out of {node.text}", right
        case Node("+" | "-", (left, right)) if _inputs(left) and _inputs(right):
            yield from _of_a_sum(node, left, right)
        case Node("*", (left, right)):
            yield from _of_a_product(left, right)
        case Node("/", (left, right)):
            yield from _of_a_fraction(node, left, right)


def _instead(name: str, belongs: Node, stands: Node) -> Change:
    return name, f"{stands.text} stands where {belongs.text} belongs", stands


def _with_a_root(node: Node) -> Change:
    return "extra_root", f"there is one root too many over {node.text}", Node("root", (node,))


def _of_a_table(node: Node) -> Iterator[Change]:
    own = "prev" if node.value == "ᾱ_prev" else TABLES[node.value]
    for other, name in TABLES.items():
        whole_way = node.value == "β" and other in ("ᾱ", "ᾱ_prev")
        if other != node.value:
            stands, belongs = (f"{looks(table)} (`{TABLES[table]}`)" for table in (other, node.value))
            words = f"{stands} stands where {belongs} belongs"
            yield f"{'plain_' * whole_way}{name}_for_{own}", words, Node("name", value=other)
        if whole_way:  # β_t is 1 − α_t
            yield _instead(f"{name}_for_betas", node, Node("-", (_ONE, Node("name", value=other))))
    yield _with_a_root(node)
    if node.value in ("ᾱ", "ᾱ_prev"):
        yield _instead(f"one_minus_{TABLES[node.value]}", node, Node("-", (_ONE, node)))


def _of_a_rest(node: Node) -> Iterator[Change]:
    table = node.args[1]
    own = {"ᾱ_prev": "prev", "ᾱ": "alphas_cumprod"}.get(table.value)
    if own:
        yield _instead(f"alphas_for_{own}", node, _BETA)  # which is 1 − α_t
        yield _instead(f"{TABLES[table.value]}_for_one_minus", node, table)
    yield _with_a_root(node)
    yield _instead("one_minus_root", node, Node("-", (_ONE, Node("root", (table,)))))


def _of_a_sum(node: Node, left: Node, right: Node) -> Iterator[Change]:
    plus = node.op == "+"
    yield "wrong_sign", f"the sign of {right.text} is wrong", Node("-" if plus else "+", node.args)
    turned = Node("-", (right, left)) if plus else Node("minus", (Node("+", node.args),))
    yield "wrong_sign", f"the sign of {left.text} is wrong", turned
    yield "left_out", f"{right.text} is left out", left
    yield "left_out", f"{left.text} is left out", right if plus else Node("minus", (right,))
    if all(part.op == "*" and part.args[1].op == "name" for part in node.args):
        names = " and ".join(part.args[1].text for part in node.args)
        swapped = (Node("*", (right.args[0], left.args[1])), Node("*", (left.args[0], right.args[1])))
        yield "swapped_factors", f"the factors of {names} are swapped", Node(node.op, swapped)


def _of_a_product(left: Node, right: Node) -> Iterator[Change]:
    for factor, rest in ((left, right), (right, left)):
        if _inputs(factor):
            continue
        yield "factor_left_out", f"the factor {factor.text} is missing", rest
        if factor.op != "/":
            yield "divided_by", f"divided by {factor.text} instead of multiplied", Node("/", (rest, factor))
        if rest.op in _SUMS and _inputs(rest):
            yield from _of_a_bracket("multiplied by", factor, rest, _times)


def _of_a_fraction(node: Node, left: Node, right: Node) -> Iterator[Change]:
    if left != _ONE:
        yield "not_divided", f"not divided by {right.text}", left
    yield "multiplied_by", f"multiplied by {right.text} instead of divided", _times(left, right)
    if not _inputs(left) and left != _ONE:
        yield "upside_down", f"{node.text} is upside down", Node("/", (right, left))
    if left.op in _SUMS and _inputs(left):
        yield from _of_a_bracket("divided by", right, left, lambda part, by: Node("/", (part, by)))


def _times(part: Node, by: Node) -> Node:
    return by if part == _ONE else Node("*", (by, part))


def _of_a_bracket(
    words: str, factor: Node, bracket: Node, done: Callable[[Node, Node], Node]
) -> Iterator[Change]:
    left, right = bracket.args
    for part, both in ((left, (done(left, factor), right)), (right, (left, done(right, factor)))):
        yield "scales_a_part", f"only {part.text} is {words} {factor.text}", Node(bracket.op, both)

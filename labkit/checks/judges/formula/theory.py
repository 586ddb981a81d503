"""What a TODO should compute, and the search for what an answer computes instead."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product

import numpy as np

from labkit.checks.judges.formula.slips import TABLES, Edit, Slip, edits
from labkit.checks.judges.formula.tree import Node, parse
from labkit.checks.judges.tables import Tables
from labkit.checks.misconceptions import MISCONCEPTIONS
from labkit.checks.wrong import Explanation

Fits = Callable[[np.ndarray], bool]
"""Whether these factors [inputs, K] are those that were found"""

OtherTables = Sequence[tuple[str, Tables]]
"""(id of a mistake, the tables that an answer with it reads)"""

Found = tuple[tuple[Slip, ...], Node | None]
"""Slips, and the formula with them, where it reads the right tables"""

Candidate = tuple[tuple[Slip, ...], Node, Tables]
"""Slips, the formula with them, and the tables that it reads"""


def formula(source: str, **meanings: str) -> Node:
    """A formula as in the paper; `meanings` say what names in it are short for.

    Raises ValueError, with the formula, for what no formula has.
    """
    tree = parse(source)
    for name, meaning in meanings.items():
        tree = Node("where", (tree, parse(meaning)), name)
    return tree


@dataclass(frozen=True)
class Written:
    """The right formula, in one of the ways in which it can be written."""

    tree: Node
    ids: Mapping[str, str] = field(default_factory=dict)
    """A slip in words → its id in the catalogue, where one is known by a name of its own"""

    def named(self, slip: Slip) -> Slip:
        """The slip under that name."""
        name = self.ids.get(slip.sentence) or self.ids.get(slip.text)
        return replace(slip, id=name) if name else slip

    def edited(self) -> list[tuple[Slip, Node]]:
        """Each single slip, and the formula with it."""
        return [(self.named(edit.slip), edit.of(self.tree)) for edit in edits(self.tree)]

    def edited_twice(self) -> Iterator[tuple[tuple[Slip, ...], Node]]:
        """Two slips at different places, in the words of the right formula; then one inside the other."""
        single = edits(self.tree)
        for one, other in combinations(single, 2):
            if not _touch(one, other):
                yield (self.named(one.slip), self.named(other.slip)), other.of(one.of(self.tree))
        for one in single:
            changed = one.of(self.tree)
            for other in edits(changed):
                if _touch(one, other):
                    yield (self.named(one.slip), self.named(other.slip)), other.of(changed)


@dataclass(frozen=True)
class Theory:
    """The right formula, a sum of some inputs with factors of the schedule, and what stands in its place."""

    inputs: tuple[str, ...]
    right: tuple[Written, ...]
    instead: tuple[tuple[str, Node], ...] = ()
    """(id of a mistake, the formula of those who make it)"""
    given: Mapping[str, Node] = field(default_factory=dict)
    """Names for what is made of the inputs, and not by the answer"""

    def __post_init__(self) -> None:
        """Raises ValueError for what is no sum of the inputs with factors of the tables, and for an unknown
        mistake.
        """
        for tree in self.given.values():
            self._demand_names(tree, (*TABLES, *self.inputs))
        for tree in [*(written.tree for written in self.right), *(tree for _, tree in self.instead)]:
            self._demand_names(tree, (*TABLES, *self.inputs, *self.given))
            self._demand_sum(tree)
        names = [name for written in self.right for name in written.ids.values()]
        for name in [*names, *(name for name, _ in self.instead)]:
            if name not in MISCONCEPTIONS:
                raise ValueError(
                    f"A formula has the mistake {name!r}; labkit/checks/misconceptions/ has no row for it."
                )

    def _demand_names(self, tree: Node, known: Sequence[str]) -> None:
        if unknown := tree.free_names() - set(known):
            raise ValueError(
                f"The formula {tree.text!r} has the name {min(unknown)!r}; known are {', '.join(known)}."
            )

    def _demand_sum(self, tree: Node) -> None:
        """Its value must be the sum of its factors, each times its input, whatever the inputs are."""
        tables = Tables.of(np.array([0.1, 0.2, 0.3]))
        inputs = np.array([[0.7], [-1.3], [2.1]])[: len(self.inputs)]
        with np.errstate(all="ignore"):
            value = tree.at(self._values(tables, dict(zip(self.inputs, inputs, strict=True))))
            total = (self.factors(tables, tree) * inputs).sum(axis=0)
        if not np.allclose(np.broadcast_to(value, 3)[1:], total[1:]):  # at t = 0 a slip may divide by 0
            raise ValueError(
                f"The formula {tree.text!r} is no sum of {', '.join(self.inputs)}, each times one number."
            )

    def _values(self, tables: Tables, inputs: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """All names that its formulas may have."""
        columns = (tables.alphas, tables.betas, tables.cumprod, tables.prev)
        values = {**dict(zip(TABLES, columns, strict=True)), **inputs}
        return values | {name: meaning.at(values) for name, meaning in self.given.items()}

    def factors(self, tables: Tables, tree: Node | None = None) -> np.ndarray:
        """What the right formula, or another one, multiplies each input with: [inputs, T]."""
        values = self._values(
            tables, dict(zip(self.inputs, np.eye(len(self.inputs))[:, :, None], strict=True))
        )
        with np.errstate(all="ignore"):  # a slip may divide by 1 − ᾱ_{t−1}, which begins with 0
            found = (tree or self.right[0].tree).at(values)
        found = np.broadcast_to(found, (len(self.inputs), len(tables.betas)))
        endless = ~np.isfinite(found)
        # Whatever an answer makes of it at one timestep, fits; without numbers at more, nothing does.
        return np.where(endless, np.inf if endless.any(axis=0).sum() <= 1 else np.nan, found)

    def explain(
        self,
        fits: Fits,
        tables: Tables,
        others: OtherTables = (),
        most: int = 2,
        likely: tuple[str, ...] = (),
    ) -> Explanation | None:
        """The fewest slips, at most so many, that explain what was found; None where none do.

        `tables`, and the `others` that people read, hold the timesteps at which it was found. Of ids that
        explain it as well, the `likely` ones go first, and a formula's own names before general ones.
        """
        doubtful: list[
            Found
        ] = []  # without a number at a timestep, at which the answer may have one of its own
        for search in (self._single, self._double)[:most]:
            found: list[Found] = []
            less_sure: list[Found] = []
            for slips, tree, read in search(tables, others):
                factors = self.factors(read, tree)
                if fits(factors):
                    certain = np.isfinite(factors).all()
                    (found if certain else less_sure).append((slips, tree if read is tables else None))
            if found:
                return self._told(found, likely)
            doubtful = doubtful or less_sure
        return self._told(doubtful, likely) if doubtful else None

    def _told(self, found: list[Found], likely: tuple[str, ...]) -> Explanation:
        return told(sorted(found, key=lambda one: self._rank(one[0][0].id, likely)), self._own_names)

    def singles(self, tables: Tables) -> list[tuple[str, np.ndarray]]:
        """(id, factors) of everything that one slip makes of it."""
        return [(slips[0].id, self.factors(read, tree)) for slips, tree, read in self._single(tables, ())]

    def _rank(self, name: str, likely: tuple[str, ...]) -> int:
        return 0 if name in likely else 1 if name in self._own_names else 2

    @property
    def _own_names(self) -> set[str]:
        return {name for written in self.right for name in written.ids.values()}

    def _single(self, tables: Tables, others: OtherTables) -> Iterator[Candidate]:
        for written in self.right:
            yield from (((slip,), tree, tables) for slip, tree in written.edited())
            yield from (((_known(name),), written.tree, read) for name, read in others)
            if written is self.right[0]:
                yield from (((_known(name),), tree, tables) for name, tree in self.instead)

    def _double(self, tables: Tables, others: OtherTables) -> Iterator[Candidate]:
        for written in self.right:
            yield from ((slips, tree, tables) for slips, tree in written.edited_twice())
            for (name, read), (slip, wrong) in product(others, written.edited()):
                yield (_known(name), slip), wrong, read
        for name, tree in self.instead:
            for edit in edits(tree):
                yield (_known(name), edit.slip), edit.of(tree), tables
            for other, read in others:
                yield (_known(name), _known(other)), tree, read


def _known(name: str) -> Slip:
    return Slip(name, MISCONCEPTIONS[name].text.rstrip("."))


def _touch(one: Edit, other: Edit) -> bool:
    """Whether a part of one lies in a part of the other."""
    return any(a[: len(b)] == b or b[: len(a)] == a for (a, _), (b, _) in product(one.parts, other.parts))


def told(found: list[Found], own_names: set[str]) -> Explanation:
    """The first of some explanations; and what the second one says, if that is something else."""
    slips, tree = found[0]
    ids = tuple(dict.fromkeys(slip.id for slip in slips))
    different: dict[frozenset[str], tuple[Slip, ...]] = {}
    for one, _ in found:
        different.setdefault(frozenset(slip.sentence for slip in one), one)
    said = [_sentence(one) for one in different.values()]
    text: str | None = None
    if len(slips) == 1 and (ids[0] in own_names or slips[0] == _known(ids[0])):
        pass
    elif len(said) == 1:
        text = f"{said[0]}."
    else:
        text = f"{said[0]} (or, which comes to the same: {_low(said[1])})."
    return Explanation(ids, text, tree.text if tree else None, tree.latex if tree else None)


def _sentence(slips: tuple[Slip, ...]) -> str:
    first, *rest = (slip.sentence for slip in slips)
    symbol = not first[0].isascii() or "_" in first.split()[0]  # which is no word
    return "; and ".join([first if symbol else first[0].upper() + first[1:], *map(_low, rest)])


def _low(sentence: str) -> str:
    """As it goes on within a sentence; symbols and names keep their case."""
    word = sentence.split()[0]
    return sentence if word.isupper() and len(word) > 1 else sentence[0].lower() + sentence[1:]

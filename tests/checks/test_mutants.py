"""A slip in one place of a solution is found, or listed with the reason why it is none.

All mutants take minutes: `python benchmarks/checks.py` judges them; here it is every tenth.
"""

import pytest
from equivalent_mutants import EQUIVALENT
from mutants import Mutant, judge_mutant, mutants

from labkit.course import TODOS

ALL = {todo: mutants(todo) for todo in TODOS}
SAMPLE = [pytest.param(mutant, id=f"{todo}-{i}") for todo in TODOS for i, mutant in enumerate(ALL[todo])][
    ::10
]


def test_there_are_as_many_as_claimed() -> None:
    assert sum(map(len, ALL.values())) >= 300


@pytest.mark.parametrize("mutant", SAMPLE)
def test_a_mutant_is_found(mutant: Mutant) -> None:
    verdict = judge_mutant(mutant)
    equivalent = mutant.name in EQUIVALENT.get(mutant.todo, {})
    assert equivalent == verdict.passed, f"{mutant.name}: {verdict.message}"


@pytest.mark.parametrize("todo", EQUIVALENT)
def test_what_is_listed_as_equivalent_exists_and_has_a_reason(todo: str) -> None:
    names = {mutant.name for mutant in ALL[todo]}
    for name, reason in EQUIVALENT[todo].items():
        assert name in names and len(reason) > 10

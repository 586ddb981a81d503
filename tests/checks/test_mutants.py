"""A slip in one place of a solution is found, or listed with the reason why it is none.

All mutants take minutes: `python benchmarks/checks.py` judges them; here it is every tenth.
"""

from pathlib import Path

import pytest
from equivalent_mutants import EQUIVALENT, REASONS
from mutants import Mutant, judge_mutant, mutants
from slips import slips

from labkit.course.syllabus import TODOS

ALL = {todo: mutants(todo) for todo in TODOS}
SAMPLE = [pytest.param(mutant, id=f"{todo}-{i}") for todo in TODOS for i, mutant in enumerate(ALL[todo])][
    ::10
]


def test_there_are_as_many_as_the_docs_claim() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-a-check-works.md"
    claimed = " ".join(page.read_text(encoding="utf-8").split())
    assert f"{sum(map(len, ALL.values())):,} *mutants*" in claimed
    assert f"{len(slips())} small slips" in claimed


@pytest.mark.parametrize("mutant", SAMPLE)
def test_a_mutant_is_found(mutant: Mutant) -> None:
    verdict = judge_mutant(mutant)
    equivalent = mutant.name in EQUIVALENT.get(mutant.todo, {})
    assert equivalent == verdict.passed, f"{mutant.name}: {verdict.message}"


@pytest.mark.parametrize("todo", EQUIVALENT)
def test_what_is_listed_as_equivalent_exists(todo: str) -> None:
    names = {mutant.name for mutant in ALL[todo]}
    for name, reason in EQUIVALENT[todo].items():
        assert name in names and reason in REASONS

"""Small slips are found at whatever timesteps they happen: some of those in `benchmarks/checks.py`."""

import pytest
from slips import Off, Slip, slips

from labkit.checks import NamespaceSubject, judge

ALL = slips()
SAMPLE = [pytest.param(slip, id=f"{slip.todo}-{slip.name}") for slip in ALL[::9]]


@pytest.mark.parametrize("slip", SAMPLE)
def test_a_slip_is_found(slip: Slip) -> None:
    assert not judge(slip.todo, NamespaceSubject({slip.todo: slip.answer})).passed


@pytest.mark.parametrize("todo", sorted({slip.todo for slip in ALL}))
def test_what_the_slips_are_made_of_is_right_without_them(todo: str) -> None:
    right = next(slip for slip in slips([("", Off())]) if slip.todo == todo)
    verdict = judge(todo, NamespaceSubject({todo: right.answer}))
    assert verdict.passed, verdict.message

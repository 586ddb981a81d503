"""Nothing that comes back is believed unless it is right, and nothing that is sent tells the answer."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from labkit.checks import NamespaceSubject, judge
from labkit.checks.judges.reverse_step import Predictor
from labkit.checks.judges.step_predict import PREDICTORS
from labkit.checks.judges.tables import Tables
from labkit.checks.reply import R, Reply, Values
from labkit.course.answers import load_answers
from labkit.course.syllabus import TODOS

ANSWERS = Path(__file__).parents[1] / "answers"
DAMAGE = (ArithmeticError, LookupError, TypeError, ValueError)
"""What a test cell takes for a reply that cannot be judged"""


def right(todo: str) -> NamespaceSubject:
    return NamespaceSubject(load_answers(sorted((ANSWERS / todo / "right").glob("*.py"))[0]))


class Changed:
    """A subject whose replies, or what they are asked with, somebody looks at."""

    def __init__(self, subject: NamespaceSubject, see: Callable[[Values, Reply], Reply]):
        self.subject, self.see, self.folder = subject, see, subject.folder

    def call(self, probe: str, values: Values, reply: type[R], seconds: float = 10.0) -> R:
        seen = self.see(values, self.subject.call(probe, values, reply, seconds))
        assert isinstance(seen, reply)
        return seen


def passes(todo: str, subject: Changed | NamespaceSubject) -> bool:
    try:
        return judge(todo, subject).passed
    except DAMAGE:
        return False


@pytest.mark.parametrize("axis", [0, -1])
@pytest.mark.parametrize("todo", TODOS)
def test_of_no_numbers_nothing_is_right(todo: str, axis: int) -> None:
    names: set[str] = set()

    def look(values: Values, seen: Reply) -> Reply:
        arrays = {one.name: getattr(seen, one.name) for one in fields(seen)}
        names.update(name for name, x in arrays.items() if isinstance(x, np.ndarray) and x.size)
        return seen

    assert passes(todo, Changed(right(todo), look))
    # As if no helper was called, or the network was not asked by the loop itself: that may be right.
    may_be_empty = {"q_noise", "q_x0", "q_t", "q_x"}
    if todo == "p_sample_loop":
        may_be_empty |= {"network_x", "network_size", "network_t"}
    for name in names - may_be_empty:

        def empty(values: Values, seen: Reply, name: str = name) -> Reply:
            x = getattr(seen, name)
            return replace(seen, **{name: x.take(range(0), axis=axis)})

        assert not passes(todo, Changed(right(todo), empty)), f"without {name}"


@pytest.mark.parametrize("predictor", ["noise", "x0", "mean"])
def test_what_the_network_answered_is_not_asked_of_the_answer(predictor: str) -> None:
    """Beside an answer of a million, every target is nothing."""
    todo = f"get_loss_{predictor}"
    names: dict[str, object] = {}
    exec(
        f"""
import torch
def {todo}(network, schedule, x0):
    t = torch.randint(schedule.num_train_timesteps, (len(x0),))
    x_t, _ = add_noise(schedule, x0, t)
    network.function = lambda x, t: torch.full_like(x, 1e6)
    return network(x_t, t).square().mean()
""",
        names,
    )
    assert not passes(todo, NamespaceSubject(names))


@pytest.mark.parametrize(("name", "predictor"), PREDICTORS.items())
def test_a_step_is_not_given_its_own_factors(name: str, predictor: Predictor) -> None:
    todo, given = f"step_predict_{name}", []

    def look(values: Values, seen: Reply) -> Reply:
        given.append(values)
        return seen

    assert passes(todo, Changed(right(todo), look))
    for values in given:
        own = predictor.mean.factors(Tables.of(values["betas"]))
        for value in values.values():
            rows = value.reshape(-1, value.shape[-1]) if isinstance(value, np.ndarray) and value.ndim else []
            same = [factor for factor in own for row in rows if np.array_equal(row, factor)]
            assert not [factor for factor in same if np.ptp(factor) > 0], "a factor of its own"
        assert todo not in values

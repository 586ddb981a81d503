"""A reply is believed where it is what the judge asked for, and refused in a sentence where it is not."""

import subprocess
import sys
from dataclasses import fields

import numpy as np
import pytest

from labkit.checks import NamespaceSubject, judge
from labkit.checks.probes.losses import LossReply
from labkit.checks.probes.q_sample import QSampleReply
from labkit.checks.probes.reverse_step import StepErrorReply
from labkit.checks.reply import KINDS, MOST_LETTERS, Reply, ReplyError, as_reply

X_T = np.zeros((4, 2))
RIGHT = {"x_t": X_T, "own_helper": False, "changed": ""}


def every_reply(kind: type[Reply] = Reply) -> list[type[Reply]]:
    return [kind, *(one for below in kind.__subclasses__() for one in every_reply(below))]


def test_every_reply_is_of_arrays_booleans_and_texts() -> None:
    assert len(every_reply()) > 10
    for kind in every_reply():
        assert {one.type for one in fields(kind)} <= KINDS.keys(), kind


def test_what_was_asked_for_comes_back_as_it_was() -> None:
    seen = as_reply(QSampleReply, RIGHT | {"changed": "x0"})
    assert seen.x_t is X_T and seen.changed == "x0" and seen.own_helper is False


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "is missing"),
        ({"x_t": X_T}, "`own_helper` is missing"),
        (RIGHT | {"passed": True}, "more in it than was asked for"),
        (RIGHT | {"": X_T}, "more in it than was asked for"),
        (RIGHT | {"x_t": 0.0}, "`x_t` should be an array"),
        (RIGHT | {"x_t": [[0.0, 0.0]]}, "`x_t` should be an array"),
        (RIGHT | {"x_t": None}, "`x_t` should be an array"),
        (RIGHT | {"x_t": {"x_t": [1]}}, "`x_t` should be an array"),
        (RIGHT | {"own_helper": np.ones((2, 2, 2), bool)}, "`own_helper` should be True or False"),
        (RIGHT | {"own_helper": 1}, "`own_helper` should be True or False"),
        (RIGHT | {"own_helper": float("nan")}, "`own_helper` should be True or False"),
        (RIGHT | {"own_helper": 10**4000}, "`own_helper` should be True or False"),
        (RIGHT | {"changed": np.array([120.0])}, "`changed` should be a text"),
        (RIGHT | {"changed": False}, "`changed` should be a text"),
        (RIGHT | {"changed": "x" * (MOST_LETTERS + 1)}, "text of at most 2,000 letters"),
    ],
)
def test_anything_else_is_refused_in_words(values: dict, words: str) -> None:
    with pytest.raises(ReplyError, match=words):
        as_reply(QSampleReply, values)


def test_a_text_may_be_as_long_as_its_bound() -> None:
    assert len(as_reply(QSampleReply, RIGHT | {"changed": "x" * MOST_LETTERS}).changed) == MOST_LETTERS


def test_an_error_as_long_as_a_book_is_cut() -> None:
    def step(schedule, x_t, t, net_out, predictor):
        raise ValueError("no " * 10_000)

    images = {name: np.zeros((1, 3, 4, 4)) for name in ("x_t", "net_out")}
    schedule = {name: np.full(9, 0.1) for name in ("betas", "decoy_betas")}
    given = {**images, **schedule, "t": 3, "outputs": np.zeros((3, 1, 3, 4, 4)), "predictor": "x"}
    seen = NamespaceSubject({"step": step}).call("step_error", given, StepErrorReply)
    assert seen.raised and seen.message == ("no " * 10_000)[:MOST_LETTERS]


def test_each_of_several_arguments_is_named_where_it_was_changed() -> None:
    for name in ("x0", "noise"):
        source = f"def q_sample(schedule, x0, t, noise=None):\n    {name}.add_(1)\n    return x0"
        namespace: dict = {}
        exec(source, namespace)
        verdict = judge("q_sample", NamespaceSubject(namespace))
        assert verdict.misconception == "changes_its_input" and f"`{name}`" in verdict.detail


def test_a_reply_cannot_be_written_into() -> None:
    assert LossReply.__dataclass_params__.frozen
    with pytest.raises(AttributeError):
        as_reply(QSampleReply, RIGHT).x_t = X_T


def test_what_frames_messages_imports_no_check() -> None:
    """The sandbox's first process reads its channel's module while it is still its own user."""
    code = "import sys, labkit.inside.channel; print('labkit.checks' in sys.modules, 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]

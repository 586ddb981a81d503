"""A run that is stopped, in whatever way, ends as if nothing had happened."""

import os
import signal
import sys
from pathlib import Path

import pytest
import tiny
import torch

from labkit.training import Run, TrainingInterruptedError
from labkit.training.recipe import Recipe
from labkit.training.state import TrainingState

SHORT = {"steps": 60, "checkpoint_every": 20, "warmup": 5}


def checkpoints(out: Path) -> list[Path]:
    return sorted((out / "checkpoints").glob("step-*.safetensors"))


def assert_same(run: Run, other: Run) -> None:
    assert torch.equal(run.losses, other.losses)
    weights, others = run.network.state_dict(), other.network.state_dict()
    assert weights and all(torch.equal(x, others[name]) for name, x in weights.items())


def stop_at(step: int):
    """A loss that somebody interrupts while `step` is under way."""
    calls = 0

    def loss_fn(network, x0):
        nonlocal calls
        if torch.is_grad_enabled():  # a step of the training, not of the fingerprint
            if calls == step:
                os.kill(os.getpid(), signal.SIGINT)
            calls += 1
        return tiny.loss_fn(network, x0)

    return loss_fn


@pytest.mark.parametrize("ema_decay", [None, 0.9])
def test_a_checkpoint_cut_short_costs_only_itself(tmp_path, ema_decay):
    expected = tiny.tiny_fit(tmp_path, **SHORT, ema_decay=ema_decay)
    older, newest = checkpoints(tmp_path)
    newest.write_bytes(newest.read_bytes()[:-100])
    assert_same(tiny.tiny_fit(tmp_path, **SHORT, ema_decay=ema_decay), expected)
    for file in (older, newest):
        file.write_bytes(b"")
    assert_same(tiny.tiny_fit(tmp_path, **SHORT, ema_decay=ema_decay), expected)


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill cannot interrupt there")
def test_an_interrupt_keeps_what_was_done(tmp_path):
    expected = tiny.tiny_fit(tmp_path / "whole", **SHORT)
    handler = signal.getsignal(signal.SIGINT)
    with pytest.raises(TrainingInterruptedError, match="step 34 of 60") as caught:
        tiny.tiny_fit(tmp_path / "stopped", **SHORT, loss_fn=stop_at(33))
    assert str(tmp_path / "stopped") in str(caught.value)
    assert signal.getsignal(signal.SIGINT) is handler
    assert checkpoints(tmp_path / "stopped")[-1].stem == "step-000034"
    assert_same(tiny.tiny_fit(tmp_path / "stopped", **SHORT), expected)


def test_how_often_checkpoints_are_written_changes_nothing(tmp_path):
    often = tiny.tiny_fit(tmp_path / "often", **SHORT | {"checkpoint_every": 7})
    assert_same(often, tiny.tiny_fit(tmp_path / "once", **SHORT | {"checkpoint_every": 1000}))


def test_the_scale_of_fp16_goes_on_where_it_was():
    recipe = Recipe(
        steps=2, batch_size=8, lr=1e-3, warmup=0, decay="none", ema_decay=None, precision="fp16", seed=0
    )

    def state_with(scaler: torch.amp.GradScaler, kept: dict | None = None) -> TrainingState:
        state = TrainingState(tiny.network(), recipe)
        if kept is not None:
            state.restore(kept)
        state.scale_with(scaler)
        return state

    first = torch.amp.GradScaler("cpu", init_scale=1024.0, growth_interval=7)
    kept = state_with(first).tensors()
    then = torch.amp.GradScaler("cpu")
    state_with(then, kept)
    assert then.state_dict() == first.state_dict()
    state_with(untouched := torch.amp.GradScaler("cpu"))
    assert untouched.state_dict() != first.state_dict()

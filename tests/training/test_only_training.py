"""Two trainings never write into one folder, and a dead one is in nobody's way."""

import errno
import os
import signal
import socket
import sys
from pathlib import Path

import pytest
import tiny

from labkit.training import RunError, TrainingError
from labkit.training.only_training import NAME, only_training

SHORT = {"steps": 6, "checkpoint_every": 2, "warmup": 1}


def test_another_training_is_named_before_the_first_step(tmp_path: Path) -> None:
    with only_training(tmp_path), pytest.raises(RunError) as caught:
        tiny.tiny_fit(tmp_path, **SHORT)
    said = str(caught.value)
    assert (
        f"another process is training in {tmp_path} (process {os.getpid()} on {socket.gethostname()}" in said
    )
    assert "since 2" in said and "another `out`" in said
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_a_killed_training_leaves_the_folder_free(tmp_path: Path) -> None:
    locked, told = os.pipe()
    child = os.fork()
    if child == 0:
        with only_training(tmp_path):
            os.write(told, b"!")
            signal.pause()
    try:
        assert os.read(locked, 1)
        with pytest.raises(RunError, match=f"process {child} on "):
            tiny.tiny_fit(tmp_path, **SHORT)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert (tmp_path / NAME).exists(), "killed, it could not tidy up"
    assert len(tiny.tiny_fit(tmp_path, **SHORT).losses) == 6
    assert not (tmp_path / NAME).exists()


@pytest.mark.parametrize("left", [b"", b"process 1 on a-machine-that-is-gone, since 1999", b"\xff" * 1000])
def test_a_file_that_was_left_locks_nothing(tmp_path: Path, left: bytes) -> None:
    (tmp_path / NAME).write_bytes(left)
    assert len(tiny.tiny_fit(tmp_path, **SHORT).losses) == 6
    assert not (tmp_path / NAME).exists()


def test_a_finished_run_is_read_while_another_has_the_lock(tmp_path: Path) -> None:
    tiny.tiny_fit(tmp_path, **SHORT)
    with only_training(tmp_path):
        assert len(tiny.tiny_fit(tmp_path, **SHORT).losses) == 6


def test_a_training_that_fails_gives_the_folder_back(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="does not depend"):
        tiny.tiny_fit(tmp_path, **SHORT, loss_fn=lambda network, x0: tiny.loss_fn(network, x0).detach())
    assert not (tmp_path / NAME).exists()
    assert len(tiny.tiny_fit(tmp_path, **SHORT).losses) == 6


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks otherwise")
@pytest.mark.parametrize("kind", ["ENOLCK", "ENOSYS", "ENOTSUP"])
def test_a_drive_without_locks_is_trained_on_nevertheless(tmp_path: Path, monkeypatch, kind: str) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(getattr(errno, kind), "no locks here")

    monkeypatch.setattr("fcntl.flock", no_locks)
    assert len(tiny.tiny_fit(tmp_path, **SHORT).losses) == 6

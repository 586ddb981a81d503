"""Arrays on the disk are whole or not there."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from labkit.data.cache import cached_array, data_folder

SHAPE = (4, 3, 2, 2)


def ones(array: np.ndarray) -> None:
    array[:] = 1


def test_made_once(tmp_path: Path) -> None:
    path, calls = tmp_path / "deep" / "a.npy", []
    for _ in range(2):
        array = cached_array(path, SHAPE, lambda array: (calls.append(1), ones(array)))
        assert torch.equal(array, torch.ones(SHAPE, dtype=torch.uint8))
    assert len(calls) == 1


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail(array: np.ndarray) -> None:
        array[:2] = 1
        raise RuntimeError("in between")

    with pytest.raises(RuntimeError, match="in between"):
        cached_array(tmp_path / "a.npy", SHAPE, fail)
    assert not list(tmp_path.iterdir())


def test_a_kill_in_between_leaves_no_array_and_its_rest_is_cleared_away(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from labkit.data.cache import cached_array\n"
        "def fill(array): array[:2] = 1; array.flush(); print('half', flush=True); time.sleep(60)\n"
        f"cached_array(Path(sys.argv[1]), {SHAPE}, fill)"
    )
    path = tmp_path / "a.npy"
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"half\n"
        process.send_signal(signal.SIGKILL)
    (rest,) = tmp_path.iterdir()
    assert not path.exists()
    assert cached_array(path, SHAPE, ones).all() and rest.exists(), "it may be another process at work"

    path.unlink()
    os.utime(rest, (time.time() - 7200,) * 2)
    cached_array(path, SHAPE, ones)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("damage", [b"", b"no array", None])
def test_a_damaged_or_different_array_is_made_again(tmp_path: Path, damage: bytes | None) -> None:
    path = tmp_path / "a.npy"
    cached_array(path, SHAPE, ones)
    path.write_bytes(path.read_bytes()[:-1] if damage is None else damage)
    assert cached_array(path, SHAPE, ones).all()
    assert cached_array(path, (2, 3, 2, 2), ones).shape == (2, 3, 2, 2)


def test_one_setting_moves_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_DATA", str(tmp_path / "elsewhere"))
    assert data_folder() == tmp_path / "elsewhere"
    monkeypatch.delenv("LABKIT_DATA")
    assert data_folder().name == "ddpm-lab"

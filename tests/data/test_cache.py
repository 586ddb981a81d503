"""Arrays on the disk are whole or not there."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from labkit.data.cache import cached_array, data_folder

SHAPE = (4, 3, 2, 2)


def ones() -> Iterator[np.ndarray]:
    yield np.ones((1, 3, 2, 2), np.uint8)
    yield np.ones((3, 3, 2, 2), np.uint8)


def test_made_once(tmp_path: Path) -> None:
    path, calls = tmp_path / "deep" / "a.npy", []
    for _ in range(2):
        array = cached_array(path, SHAPE, lambda: (calls.append(1), *ones())[1:])
        assert torch.equal(array, torch.ones(SHAPE, dtype=torch.uint8))
    assert len(calls) == 1


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def fail() -> Iterator[np.ndarray]:
        yield np.ones((2, 3, 2, 2), np.uint8)
        raise RuntimeError("in between")

    with pytest.raises(RuntimeError, match="in between"):
        cached_array(tmp_path / "a.npy", SHAPE, fail)
    assert not list(tmp_path.iterdir())


def test_a_kill_in_between_leaves_no_array_and_its_rest_is_cleared_away(tmp_path: Path) -> None:
    code = (
        "import sys, time; import numpy as np; from pathlib import Path\n"
        "from labkit.data.cache import cached_array\n"
        "def half(): yield np.ones((2, 3, 2, 2), np.uint8); print('half', flush=True); time.sleep(60)\n"
        f"cached_array(Path(sys.argv[1]), {SHAPE}, half)"
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
    two = cached_array(path, (2, 3, 2, 2), lambda: [np.zeros((2, 3, 2, 2), np.uint8)])
    assert two.shape == (2, 3, 2, 2) and not two.any()


def test_too_few_rows_are_no_array(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="shape"):
        cached_array(tmp_path / "a.npy", (5, 3, 2, 2), ones)
    assert not list(tmp_path.iterdir())


def test_one_setting_moves_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_DATA", str(tmp_path / "elsewhere"))
    assert data_folder() == tmp_path / "elsewhere"
    monkeypatch.delenv("LABKIT_DATA")
    assert data_folder().name == "ddpm-lab"

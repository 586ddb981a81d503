"""Each test has a data folder of its own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`LABKIT_DATA` for this test: empty."""
    folder = tmp_path / "data"
    monkeypatch.setenv("LABKIT_DATA", str(folder))
    return folder

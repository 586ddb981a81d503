"""Random Inception weights, made once."""

from pathlib import Path

import pytest
from random_inception import write_random_weights


@pytest.fixture(scope="session")
def torch_home(tmp_path_factory) -> Path:
    """A TORCH_HOME with random weights under the true name."""
    home = tmp_path_factory.mktemp("torch_home")
    write_random_weights(home)
    return home


@pytest.fixture(scope="session")
def weights(torch_home) -> Path:
    return next(torch_home.glob("hub/checkpoints/*.pth"))

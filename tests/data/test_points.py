"""The point sets."""

import pytest
import torch
from sklearn.datasets import make_swiss_roll

from labkit.data import POINT_SETS, points


@pytest.mark.parametrize("name", POINT_SETS)
def test_points_are_normalised_seeded_and_alike(name: str) -> None:
    drawn = points(name, 4000, seed=1)
    assert drawn.shape == (4000, 2) and drawn.dtype == torch.float32
    assert abs(drawn.mean()) < 0.15 and abs(drawn.std() - 2) < 0.1
    assert torch.equal(drawn, points(name, 4000, seed=1))
    assert not torch.equal(drawn, points(name, 4000, seed=2))


def test_the_swiss_roll_is_the_labs() -> None:
    raw = torch.from_numpy(make_swiss_roll(300, random_state=5, hole=True)[0][:, [0, 2]]).float()
    ours = points("swiss_roll", 300, seed=5)
    ratio = (raw - raw.mean(0)) / (ours - ours.mean(0))
    assert ratio.std() < 1e-3, "the two differ by more than a scale and a shift"


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="swiss_roll"):
        points("swissroll", 10, seed=0)

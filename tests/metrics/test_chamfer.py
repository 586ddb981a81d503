"""The Chamfer distance."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from labkit.data import points
from labkit.metrics import chamfer_distance
from labkit.metrics.chamfer import PointsError, read_points


def test_by_hand() -> None:
    samples, reference = torch.tensor([[0.0, 0.0], [3.0, 4.0]]), torch.tensor([[0.0, 1.0]])
    assert chamfer_distance(samples, reference) == pytest.approx((1 + 18) + 1)


@given(st.integers(0, 1000))
def test_symmetric_and_zero_on_itself(seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    a, b = torch.randn(20, 2, generator=generator), torch.randn(30, 2, generator=generator)
    assert chamfer_distance(a, a[torch.randperm(20)]) == 0
    assert chamfer_distance(a, b) == pytest.approx(chamfer_distance(b, a))


def test_two_draws_of_the_swiss_roll_are_close_and_noise_is_far() -> None:
    a, b = (points("swiss_roll", 2048, seed) for seed in (0, 1))
    assert chamfer_distance(a, b) < 0.6
    assert chamfer_distance(2 * torch.randn(2048, 2, generator=torch.Generator().manual_seed(0)), a) > 40


@pytest.mark.parametrize(
    "bad", [torch.zeros(3), torch.zeros(3, 3), torch.zeros(0, 2), torch.full((3, 2), torch.nan)]
)
def test_bad_input_is_named(bad: torch.Tensor) -> None:
    with pytest.raises(ValueError):
        chamfer_distance(bad, torch.zeros(3, 2))


def test_many_points_are_compared_in_parts() -> None:
    a, b = (points("eight_gaussians", 1500, seed).double() for seed in (0, 1))
    squared = torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist").square()
    by_hand = squared.amin(dim=1).sum() + squared.amin(dim=0).sum()
    assert chamfer_distance(a, b) == pytest.approx(by_hand.item(), rel=1e-12)


def test_points_come_back_from_every_kind_of_file(tmp_path: Path) -> None:
    wanted = np.arange(6.0).reshape(3, 2)
    np.save(tmp_path / "a.npy", wanted)
    np.savetxt(tmp_path / "a.csv", wanted, delimiter=",")
    np.savez(tmp_path / "a.npz", anything=wanted)
    np.savez(tmp_path / "b.npz", points=wanted, labels=np.zeros(3))
    for name in ("a.npy", "a.csv", "a.npz", "b.npz"):
        assert read_points(tmp_path / name).equal(torch.from_numpy(wanted)), name


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.npy", None, "no file"),
        ("text.csv", b"x,y\n1,2\n", "cannot be read"),
        ("cut.npz", b"PK\x03\x04", "cannot be read"),
        ("empty.npy", b"", "cannot be read"),
        ("pickle.npy", np.array([{}]), "cannot be read"),
        ("flat.npy", np.zeros(3), "expected finite numbers"),
        ("nan.npy", np.full((3, 2), np.nan), "expected finite numbers"),
        ("complex.npy", np.zeros((3, 2), complex), "cannot be read"),
    ],
)
def test_a_file_without_points_is_named(tmp_path: Path, name: str, content, words: str) -> None:
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        np.save(path, content)
    with pytest.raises(PointsError, match=words) as caught:
        read_points(path)
    assert name in str(caught.value)

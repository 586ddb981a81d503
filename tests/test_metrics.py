"""The Chamfer distance."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from labkit.data import points
from labkit.metrics import chamfer_distance


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

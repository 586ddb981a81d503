"""A schedule's tables hold what their names say."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from labkit.schedules import Schedule, extract

betas_lists = st.lists(st.floats(0.0, 0.5), min_size=1, max_size=50)


@given(betas_lists)
def test_tables_follow_from_betas(betas: list[float]) -> None:
    schedule = Schedule.from_betas(torch.tensor(betas, dtype=torch.float64))
    exact = (1 - torch.tensor(betas, dtype=torch.float64)).cumprod(0)
    assert schedule.num_train_timesteps == len(betas)
    assert all(
        table.dtype == torch.float32
        for table in (schedule.betas, schedule.alphas, schedule.alphas_cumprod, schedule.alphas_cumprod_prev)
    )
    torch.testing.assert_close(schedule.alphas_cumprod, exact.float(), rtol=0, atol=0)
    assert schedule.alphas_cumprod_prev[0] == 1
    assert torch.equal(schedule.alphas_cumprod_prev[1:], schedule.alphas_cumprod[:-1])


@pytest.mark.parametrize("make", [Schedule.linear, Schedule.quad])
def test_betas_rise_between_their_ends(make) -> None:
    betas = make(1000, 1e-4, 0.02).betas
    assert betas[0] == pytest.approx(1e-4) and betas[-1] == pytest.approx(0.02)
    assert (betas.diff() > 0).all()


def test_linear_is_linear_and_quad_is_the_square_of_a_line() -> None:
    assert Schedule.linear(101, 0.1, 0.3).betas[50] == pytest.approx(0.2)
    assert Schedule.quad(101, 0.04, 0.16).betas[50] == pytest.approx(0.3**2)


@pytest.mark.parametrize(
    "betas", [torch.tensor([0.1, 1.0]), torch.tensor([-0.1]), torch.zeros(2, 2), torch.zeros(0)]
)
def test_impossible_betas_are_refused(betas: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="beta"):
        Schedule.from_betas(betas)


@given(st.integers(1, 4), st.integers(1, 5))
def test_extract_broadcasts_over_everything_but_the_batch(dims: int, batch: int) -> None:
    values, t = torch.arange(10.0), torch.arange(batch)
    x = torch.ones(batch, *[3] * dims)
    assert extract(values, t, x).shape == (batch, *[1] * dims)
    assert torch.equal((extract(values, t, x) * x)[:, *[0] * dims], values[t])


def test_a_schedule_moves_as_a_whole() -> None:
    moved = Schedule.linear(10).to("meta")
    assert {moved.betas.device.type, moved.alphas_cumprod_prev.device.type} == {"meta"}

"""A short schedule walks the same road in longer steps."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from labkit.sampling import strided
from labkit.schedules import Schedule


@given(st.integers(1, 300), st.data())
def test_short_schedule_passes_the_same_points(T: int, data: st.DataObject) -> None:
    num_steps = data.draw(st.integers(1, T))
    schedule = Schedule.linear(T)
    short, timesteps = strided(schedule, num_steps)
    assert short.num_train_timesteps == len(timesteps) == num_steps
    assert timesteps[-1] == T - 1 and (num_steps == 1 or timesteps[0] == 0)
    assert (timesteps.diff() > 0).all()
    torch.testing.assert_close(short.alphas_cumprod, schedule.alphas_cumprod[timesteps], rtol=1e-6, atol=0)


def test_strides_are_even() -> None:
    _, timesteps = strided(Schedule.linear(1000), 50)
    assert set(timesteps.diff().tolist()) <= {20, 21}


def test_all_steps_are_the_schedule_itself() -> None:
    schedule = Schedule.quad(30)
    short, timesteps = strided(schedule, 30)
    assert short is schedule and timesteps.tolist() == list(range(30))


def test_a_small_first_beta_stays_exact() -> None:
    short, _ = strided(Schedule.linear(1000, 1e-6, 0.02), 10)
    assert short.betas[0].item() == pytest.approx(1e-6, rel=1e-5)


@pytest.mark.parametrize("num_steps", [0, -1, 11])
def test_impossible_numbers_of_steps_are_named(num_steps: int) -> None:
    with pytest.raises(ValueError, match=f"1 to 10, got {num_steps}"):
        strided(Schedule.linear(10), num_steps)

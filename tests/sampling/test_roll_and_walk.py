"""The recorded way to the roll, and the forward process step by step."""

import pytest
import torch

from labkit.data import points
from labkit.metrics import chamfer_distance
from labkit.sampling import finished_roll, walk_into_noise
from labkit.sampling.roll import FINISHED_ROLL
from labkit.schedules import Schedule

SCHEDULE = Schedule.linear(1000)


def test_the_recorded_way_leads_from_noise_to_the_roll() -> None:
    assert FINISHED_ROLL.stat().st_size <= 60_000
    way = finished_roll()
    assert way.x_ts.shape == (len(way.timesteps), 250, 2) and way.x_ts.dtype == torch.float32
    assert way.timesteps == sorted(way.timesteps, reverse=True)
    assert (way.timesteps[0], way.timesteps[-1]) == (999, -1)
    data = points("swiss_roll", 300, seed=7)
    nearest = torch.cdist(way.x_ts[-1], points("swiss_roll", 2**14, seed=8)).min(dim=1).values
    assert nearest.square().mean().sqrt() < 0.1
    assert chamfer_distance(way.x_ts[-1], data) < 0.05 * chamfer_distance(way.x_ts[0], data)
    assert way.x_ts[0].mean().abs() < 0.2 and 0.85 < way.x_ts[0].std() < 1.15


def test_many_small_steps_add_up_to_the_jump() -> None:
    """q(x_t | x_0) is N(√ᾱ_t x_0, 1 − ᾱ_t), Equation 4: after k steps that of t = k − 1."""
    n, x_0 = 20_000, 2.0
    walk = walk_into_noise(torch.full((n, 1), x_0), SCHEDULE, [0, 1, 300, 1000])
    assert torch.equal(walk[0], torch.full((n, 1), x_0))
    for k, x in zip((1, 300, 1000), walk[1:], strict=True):
        alpha_bar = SCHEDULE.alphas_cumprod[k - 1].item()
        assert x.mean().item() == pytest.approx(alpha_bar**0.5 * x_0, abs=6 / n**0.5)
        assert x.var().item() == pytest.approx(1 - alpha_bar, rel=6 * (2 / n) ** 0.5)


def test_a_walk_is_one_and_the_same_whatever_is_kept_of_it() -> None:
    x0 = points("swiss_roll", 50, seed=0)
    whole = walk_into_noise(x0, SCHEDULE, range(1001))
    assert whole.shape == (1001, 50, 2)
    assert torch.equal(walk_into_noise(x0, SCHEDULE, [700, 20]), whole[[700, 20]])
    before = torch.random.get_rng_state()
    walk_into_noise(x0, SCHEDULE, [5])
    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("counts", [[], [-1], [1001], [3, 2000]])
def test_steps_that_are_not_there_are_refused(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="0 … 1000 steps"):
        walk_into_noise(torch.zeros(2, 2), SCHEDULE, counts)

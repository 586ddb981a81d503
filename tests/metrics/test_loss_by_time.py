"""The loss at single timesteps: each t alone, with the same noise for every network."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from labkit.metrics import losses_by_time
from labkit.schedules import Schedule, extract

SCHEDULE = Schedule.linear(1000)


def loss(network, schedule: Schedule, x0: Tensor) -> Tensor:
    """The loss of lesson 04."""
    t = torch.randint(schedule.num_train_timesteps, (len(x0),))
    noise = torch.randn_like(x0)
    alpha_bar = extract(schedule.alphas_cumprod, t, x0)
    return F.mse_loss(network(alpha_bar.sqrt() * x0 + (1 - alpha_bar).sqrt() * noise, t), noise)


def at_the_origin(x: Tensor, t: Tensor) -> Tensor:
    """The right noise where all data lie at the origin."""
    return x / (1 - extract(SCHEDULE.alphas_cumprod, t, x)).sqrt()


def test_the_network_hears_the_true_time_and_sees_its_noise() -> None:
    x0 = torch.zeros(500, 2)
    assert losses_by_time(loss, at_the_origin, SCHEDULE, x0, [0, 400, 999]).max() < 1e-6
    asked: list[Tensor] = []

    def listens(x: Tensor, t: Tensor) -> Tensor:
        asked.append(t)
        return at_the_origin(x, t - 100 if t[0] == 400 else t)

    losses = losses_by_time(loss, listens, SCHEDULE, x0, [0, 400, 999])
    assert [t.unique().tolist() for t in asked] == [[0], [400], [999]]
    assert losses[1] > 0.01 and losses[[0, 2]].max() < 1e-6


def test_its_mean_over_all_timesteps_is_the_loss() -> None:
    x0 = 2 * torch.randn(2000, 2, generator=torch.Generator().manual_seed(0))
    by_time = losses_by_time(loss, at_the_origin, SCHEDULE, x0, range(0, 1000, 10))
    torch.manual_seed(0)
    alpha_bar = SCHEDULE.alphas_cumprod
    expected = alpha_bar / (1 - alpha_bar) * x0.square().mean()  # x_0 is taken for noise
    assert torch.allclose(by_time, expected[::10], rtol=0.01)


def test_all_networks_are_asked_about_the_same_noise_and_nothing_else_changes() -> None:
    x0 = torch.randn(100, 2)
    before = torch.random.get_rng_state()
    first = losses_by_time(loss, lambda x, t: 0 * x, SCHEDULE, x0, [3, 500])
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.manual_seed(123)
    assert torch.equal(losses_by_time(loss, lambda x, t: 0 * x, SCHEDULE, x0, [3, 500]), first)
    assert torch.equal(losses_by_time(loss, lambda x, t: 0 * x, SCHEDULE, x0, [500]), first[1:])
    assert first[0] == first[1] != losses_by_time(loss, lambda x, t: x, SCHEDULE, x0, [500])[0]


def test_a_network_that_learns_gets_no_gradient_of_it() -> None:
    network = torch.nn.Linear(2, 2)
    losses = losses_by_time(loss, lambda x, t: network(x), SCHEDULE, torch.randn(9, 2), [1])
    assert not losses.requires_grad


@pytest.mark.parametrize("t", [-1, 1000])
def test_times_that_are_not_there_are_refused(t: int) -> None:
    with pytest.raises(ValueError, match=rf"0 … 999, got {t}"):
        losses_by_time(loss, at_the_origin, SCHEDULE, torch.zeros(2, 2), [5, t])

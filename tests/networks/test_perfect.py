"""The perfect network: right where the answer is known, the same answer in three languages."""

import pytest
import torch

from labkit.networks.perfect import PerfectNetwork
from labkit.schedules import Schedule, extract

SCHEDULE = Schedule.linear(200)
IMAGES = torch.rand(5, 3, 4, 6, generator=torch.Generator().manual_seed(0)) * 2 - 1


def noisy(t: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    eps = torch.randn(IMAGES.shape, generator=torch.Generator().manual_seed(1))
    signal = extract(SCHEDULE.alphas_cumprod, t, IMAGES)
    return signal.sqrt() * IMAGES + (1 - signal).sqrt() * eps, eps


def test_where_hardly_any_noise_is_in_it_knows_every_image_and_its_noise():
    t = torch.tensor([0, 1, 2, 3, 4])
    x_t, eps = noisy(t)
    assert torch.allclose(PerfectNetwork(IMAGES, SCHEDULE, "x0")(x_t, t), IMAGES, atol=1e-4)
    assert torch.allclose(PerfectNetwork(IMAGES, SCHEDULE, "noise")(x_t, t), eps, atol=1e-2)


def test_where_nothing_is_left_it_answers_the_average():
    schedule = Schedule.linear(200, 0.1, 0.5)
    guess = PerfectNetwork(IMAGES, schedule, "x0")(torch.randn(5, 3, 4, 6), torch.full((5,), 199))
    assert torch.allclose(guess, IMAGES.mean(dim=0).expand_as(guess), atol=1e-3)


def test_its_guess_has_the_smallest_error_on_average():
    """Any other guess at x_0, such as a shrunken or a sharpened one, is worse."""
    t = torch.full((4000,), 120)
    generator = torch.Generator().manual_seed(2)
    x0 = IMAGES[torch.randint(5, (4000,), generator=generator)]
    signal = extract(SCHEDULE.alphas_cumprod, t, x0)
    x_t = signal.sqrt() * x0 + (1 - signal).sqrt() * torch.randn(x0.shape, generator=generator)
    guess = PerfectNetwork(IMAGES, SCHEDULE, "x0")(x_t, t)
    best = (guess - x0).square().mean()
    for other in (0.95 * guess, 1.05 * guess, 0.9 * guess + 0.1 * IMAGES.mean(dim=0)):
        assert (other - x0).square().mean() > best


@pytest.mark.parametrize("t", [0, 1, 120, 199])
def test_the_three_answers_say_the_same(t):
    times = torch.full((5,), t)
    x_t, _ = noisy(times)
    noise, x0, mean = (PerfectNetwork(IMAGES, SCHEDULE, name)(x_t, times) for name in ("noise", "x0", "mean"))
    a, a_bar, beta = (table[t] for table in (SCHEDULE.alphas, SCHEDULE.alphas_cumprod, SCHEDULE.betas))
    assert torch.allclose(a_bar.sqrt() * x0 + (1 - a_bar).sqrt() * noise, x_t, atol=1e-5)
    assert torch.allclose(
        (x_t - beta / (1 - a_bar).sqrt() * noise) / a.sqrt(), mean, atol=5e-4
    )  # 1 − ᾱ_0 has few digits


def test_another_predictor_is_refused():
    with pytest.raises(ValueError, match='"noise", "x0" or "mean"'):
        PerfectNetwork(IMAGES, SCHEDULE, "eps")


@pytest.mark.parametrize("predictor", ["noise", "x0", "mean"])
def test_it_may_be_asked_as_the_other_networks(predictor):
    t = torch.full((5,), 70)
    x_t, _ = noisy(t)
    network = PerfectNetwork(IMAGES, SCHEDULE, predictor)
    expected = network(x_t, t)
    asked = [network(x=x_t, t=t), network(t=t, x_t=x_t), network(x_t, t=t), network(x_t, t[:1])]
    asked.append(torch.cat([network(x, t[:1]) for x in x_t.split(1)]))
    for answer in asked:
        assert torch.allclose(answer, expected, atol=1e-5)
    with pytest.raises(TypeError, match="takes x_t and t"):
        network(x_t)


def test_points_are_data_as_well_as_images():
    """For two points at ±1 the posterior mean is tanh(√ᾱ_t x_t / (1 − ᾱ_t))."""
    data = torch.tensor([[1.0], [-1.0]])
    t = torch.arange(20, 200, 3)
    x_t = torch.randn(len(t), 1, generator=torch.Generator().manual_seed(3))  # more rows than go at once
    signal = extract(SCHEDULE.alphas_cumprod, t, x_t)
    expected = torch.tanh(signal.sqrt() * x_t / (1 - signal))
    assert torch.allclose(PerfectNetwork(data, SCHEDULE, "x0")(x_t, t), expected, atol=1e-5)

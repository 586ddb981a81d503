"""The noise of an image does not depend on its batch."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.distributions import Normal

from labkit.sampling.noise import NoisePerImage

CPU = torch.device("cpu")
WAYS: dict[str, Callable[[Tensor], Tensor]] = {
    "randn_like": torch.randn_like,
    "randn_like in another layout": lambda x: torch.randn_like(
        x.contiguous(memory_format=torch.channels_last)
    ),
    "randn": lambda x: torch.randn(x.shape),
    "randn, each": lambda x: torch.randn(*x.shape, dtype=x.dtype, device=x.device),
    "randn out": lambda x: torch.randn(x.shape, out=torch.empty_like(x)),
    "normal_": lambda x: torch.empty_like(x).normal_(),
    "normal": lambda x: torch.normal(torch.zeros_like(x), torch.ones_like(x)),
    "normal, numbers": lambda x: torch.normal(0.0, 1.0, size=x.shape),
    "normal, mean": lambda x: torch.normal(torch.zeros_like(x), 1.0),
    "normal, std": lambda x: torch.normal(0.0, torch.ones_like(x)),
    "distribution": lambda x: Normal(torch.zeros_like(x), 1.0).sample(),
    "scaled": lambda x: (torch.empty_like(x).normal_(5.0, 3.0) - 5) / 3,
}


def draws(way: Callable[[Tensor], Tensor], images: range, times: int = 2) -> Tensor:
    with NoisePerImage(7, images, CPU):
        return torch.stack([way(torch.zeros(len(images), 3, 4, 4)) for _ in range(times)])


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_however_it_is_drawn_noise_depends_on_the_image_alone(way: Callable[[Tensor], Tensor]) -> None:
    torch.manual_seed(1)
    together = draws(way, range(5))
    torch.manual_seed(2)
    apart = torch.cat([draws(way, range(2)), draws(way, range(2, 5))], dim=1)
    torch.testing.assert_close(together, apart, rtol=1e-5, atol=1e-5)
    # Every way draws the same numbers, and new ones each time.
    torch.testing.assert_close(together, draws(torch.randn_like, range(5)), rtol=1e-5, atol=1e-5)
    assert torch.pdist(together.reshape(10, -1)).min() > 1


def test_noise_is_gaussian_and_images_are_independent() -> None:
    noise = draws(torch.randn_like, range(400), times=3)
    assert abs(noise.mean()) < 0.02 and abs(noise.std() - 1) < 0.02
    correlations = torch.corrcoef(noise.reshape(3, 400, -1).transpose(0, 1).reshape(400, -1))
    assert (correlations - torch.eye(400)).abs().max() < 0.6  # 144 numbers each: 7 standard deviations


def test_other_draws_stay_as_they_are() -> None:
    x = torch.zeros(3, 4)
    ways = [
        lambda: torch.randn(2, 4),
        lambda: torch.rand(3, 4),
        lambda: torch.randn(3, 4, generator=torch.Generator().manual_seed(5)),
        lambda: x.bernoulli(0.5),
    ]
    for way in ways:
        torch.manual_seed(0)
        expected = way()
        torch.manual_seed(0)
        with NoisePerImage(7, range(3), CPU):
            assert torch.equal(way(), expected)


def test_draws_go_on_where_the_context_was_left() -> None:
    x, noise = torch.zeros(3, 4), NoisePerImage(7, range(3), CPU)
    with noise:
        first = torch.randn_like(x)
    with noise:
        second = torch.randn_like(x)
    assert torch.equal(torch.stack([first, second]), torch.stack([*_twice(x)]))


def _twice(x: Tensor) -> tuple[Tensor, Tensor]:
    with NoisePerImage(7, range(3), CPU):
        return torch.randn_like(x), torch.randn_like(x)

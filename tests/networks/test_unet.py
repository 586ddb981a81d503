"""The image UNet: what goes in, what comes out, and that every weight learns."""

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from labkit.networks import UNet


def tiny(**changes) -> UNet:
    torch.manual_seed(0)
    shape = dict(channels=8, multipliers=(1, 2), blocks=1, attention_at=(4,), num_timesteps=100)
    return UNet(8, **shape | changes)


def trained_once(network: UNet) -> UNet:
    """The same network with its zero layers filled, so that outputs say something."""
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.1)
    return network.eval()


def noisy(batch: int = 2, size: int = 8) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(1)
    x_t = torch.randn(batch, 3, size, size, generator=generator)
    return x_t, torch.randint(100, (batch,), generator=generator)


@pytest.mark.parametrize("patch", [1, 2])
@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("height, width", [(8, 8), (16, 8)])
def test_output_is_like_the_input(patch: int, batch: int, height: int, width: int) -> None:
    network = trained_once(tiny(patch=patch, attention_at=()))
    x_t = torch.randn(batch, 3, height, width)
    predicted = network(x_t, torch.arange(batch))
    assert predicted.shape == x_t.shape and predicted.dtype == x_t.dtype
    assert predicted.std() > 1e-3


def test_untrained_network_answers_zero() -> None:
    assert (tiny()(*noisy()) == 0).all()


def test_every_weight_learns() -> None:
    network = tiny(patch=2)
    before = {name: x.detach().clone() for name, x in network.named_parameters()}
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    x_t, t = noisy(4)
    # What lies before a layer of zeros gets its first gradient when that layer has moved, one after another.
    for _ in range(4):
        optimizer.zero_grad()
        (network(x_t, t) - x_t.flip(0)).square().mean().backward()
        optimizer.step()
    still = [name for name, x in network.named_parameters() if torch.equal(x, before[name])]
    assert len(before) > 40 and still == []


def test_output_depends_on_time_and_on_far_away_pixels() -> None:
    network = trained_once(tiny())
    x_t, t = noisy(1)
    assert not torch.allclose(network(x_t, t), network(x_t, t + 1), atol=1e-6)
    x_t.requires_grad_()
    network(x_t, t)[0, 0, 0, 0].backward()
    assert (x_t.grad.abs().amax(dim=(0, 1)) > 0).all()


def test_samples_of_a_batch_do_not_see_each_other() -> None:
    network = trained_once(tiny())
    x_t, t = noisy(3)
    alone = torch.cat([network(x_t[i : i + 1], t[i : i + 1]) for i in range(3)])
    torch.testing.assert_close(network(x_t, t), alone, rtol=1e-4, atol=1e-5)


def test_dropout_acts_in_training_alone() -> None:
    network, inputs = trained_once(tiny(dropout=0.5)), noisy()
    assert torch.equal(network(*inputs), network(*inputs))
    network.train()
    assert not torch.equal(network(*inputs), network(*inputs))


def test_channels_last_gives_the_same_numbers() -> None:
    network = trained_once(tiny(patch=2))
    x_t, t = noisy()
    expected = network(x_t, t)
    network = network.to(memory_format=torch.channels_last)
    predicted = network(x_t.to(memory_format=torch.channels_last), t)
    torch.testing.assert_close(predicted, expected, rtol=1e-4, atol=1e-5)


def test_half_precision_gives_nearly_the_same_numbers() -> None:
    network, (x_t, t) = trained_once(tiny()), noisy()
    with torch.autocast("cpu", torch.bfloat16):
        predicted = network(x_t, t)
    assert predicted.dtype == torch.float32
    torch.testing.assert_close(predicted, network(x_t, t), rtol=0.1, atol=0.1)


def test_compiled_network_gives_the_same_numbers() -> None:
    network, inputs = trained_once(tiny(multipliers=(1,), attention_at=(8,))), noisy()
    # aot_eager traces as the default backend does, but needs no C++ compiler; fullgraph allows no break.
    compiled = torch.compile(network, backend="aot_eager", fullgraph=True)
    torch.testing.assert_close(compiled(*inputs), network(*inputs), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("height, width", [(7, 8), (8, 9), (6, 6)])
def test_a_size_that_cannot_be_halved_is_named(height: int, width: int) -> None:
    network = tiny(patch=2, attention_at=())
    with pytest.raises(ValueError, match=rf"{height}×{width}.*multiples of 4"):
        network(torch.zeros(1, 3, height, width), torch.zeros(1, dtype=torch.long))
    with pytest.raises(ValueError, match=r"10×10.*multiples of 4"):
        UNet(10, channels=8, multipliers=(1, 2), blocks=1, attention_at=(), patch=2)


def test_unknown_preset_and_impossible_attention_are_named() -> None:
    with pytest.raises(ValueError, match=r"'huge'.*lab, fast, toy"):
        UNet.preset("huge", 32)
    with pytest.raises(ValueError, match=r"\[5\].*\[8, 4\]"):
        tiny(attention_at=(5,))


def flops(network: UNet, size: int) -> int:
    """Multiplications and additions of one forward pass with one image."""
    with FlopCounterMode(display=False) as counter:
        network(torch.zeros(1, 3, size, size, device="meta"), torch.zeros(1, dtype=torch.long, device="meta"))
    return counter.get_total_flops()


def test_presets_are_as_large_as_they_say() -> None:
    with torch.device("meta"):
        lab, fast, toy = UNet.preset("lab", 64), UNet.preset("fast", 64), UNet.preset("toy", 32)
    millions = [sum(p.numel() for p in network.parameters()) / 1e6 for network in (lab, fast, toy)]
    assert [round(number, 2) for number in millions] == [58.76, 26.39, 1.23]
    assert flops(lab, 64) / flops(fast, 64) > 4

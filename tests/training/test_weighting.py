"""Min-SNR weights are the paper's, and fit's way of weighing is a weighted loss."""

import pytest
import tiny_images
import torch
from accelerate import Accelerator

from labkit.schedules import Schedule, extract
from labkit.training import TrainingError, min_snr
from labkit.training.loss_network import LossNetwork

PREDICTORS = ("noise", "x0", "mean")
LINEAR = Schedule.linear(1000)


def target(schedule: Schedule, predictor: str, x0, x_t, noise, t):
    """What each network is trained to answer (Ho et al. 2020, Equation 7 for the mean)."""
    s = {name: extract(values, t, x0) for name, values in vars(schedule).items()}
    mean = s["alphas_cumprod_prev"].sqrt() * s["betas"] * x0
    mean = mean + s["alphas"].sqrt() * (1 - s["alphas_cumprod_prev"]) * x_t
    return {"noise": noise, "x0": x0, "mean": mean / (1 - s["alphas_cumprod"])}[predictor]


@pytest.mark.parametrize("predictor", PREDICTORS)
@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
def test_the_gradient_is_that_of_the_weighted_loss(predictor, memory_format):
    weighting = min_snr(tiny_images.SCHEDULE, predictor)
    network = tiny_images.network().to(memory_format=memory_format)
    torch.manual_seed(0)
    t, x0, noise = (
        torch.randint(tiny_images.T, (16,)),
        torch.rand(16, 3, 16, 16) * 2 - 1,
        torch.randn(16, 3, 16, 16),
    )
    alphas_cumprod = extract(tiny_images.SCHEDULE.alphas_cumprod, t, x0)
    x_t = (alphas_cumprod.sqrt() * x0 + (1 - alphas_cumprod).sqrt() * noise).to(memory_format=memory_format)
    aim = target(tiny_images.SCHEDULE, predictor, x0, x_t, noise, t)

    weighted = (extract(weighting, t, x0) * (network(x_t, t) - aim).square()).mean()
    expected = torch.autograd.grad(weighted, list(network.parameters()))
    asked = LossNetwork(network, network, Accelerator(), weighting)
    plain = (asked(x_t, t) - aim).square().mean()
    asked.backward(plain)
    assert plain.item() == pytest.approx((network(x_t, t) - aim).square().mean().item())
    assert plain.item() != pytest.approx(weighted.item(), rel=0.01)
    for weight, gradient in zip(network.parameters(), expected, strict=True):
        torch.testing.assert_close(weight.grad, gradient, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("gamma", [1.0, 5.0])
@pytest.mark.parametrize("schedule", [LINEAR, Schedule.quad(50)], ids=["linear", "quad"])
def test_weights_are_the_papers_up_to_a_factor(schedule, gamma):
    betas = schedule.betas.double()
    alphas_cumprod = (1 - betas).cumprod(0)
    snr = alphas_cumprod / (1 - alphas_cumprod)
    previous = torch.cat([torch.ones(1), alphas_cumprod[:-1]])
    share_of_x0 = previous.sqrt() * betas / (1 - alphas_cumprod)
    capped = snr.clamp(max=gamma)
    for predictor, expected in {"x0": capped, "noise": capped / snr, "mean": capped / share_of_x0**2}.items():
        weights = min_snr(schedule, predictor, gamma)
        assert weights.dtype == torch.float32
        torch.testing.assert_close(weights.double(), expected / expected.mean(), rtol=1e-5, atol=0)


@pytest.mark.parametrize("predictor", PREDICTORS)
def test_extreme_schedules_have_finite_weights(predictor):
    """No noise at the first step, none in between, no signal left in the end."""
    betas = torch.tensor([0.0, 0.1, 0.0, 0.5, *[0.999] * 60])
    weights = min_snr(Schedule.from_betas(betas), predictor)
    assert weights.isfinite().all() and (weights >= 0).all() and weights.mean() == pytest.approx(1)


def test_weights_for_another_schedule_are_a_sentence(tmp_path):
    weighting = min_snr(Schedule.linear(10), "noise")
    with pytest.raises(TrainingError, match=r"10 weights.*with t = \d\d\. Make weighting"):
        tiny_images.tiny_fit(tmp_path, weighting=weighting)


def test_senseless_arguments_are_refused(tmp_path):
    with pytest.raises(ValueError, match='"noise", "x0" or "mean"'):
        min_snr(LINEAR, "eps")
    with pytest.raises(ValueError, match="gamma"):
        min_snr(LINEAR, "x0", gamma=0)
    for weighting in (
        torch.ones(2, 2),
        torch.ones(3).long(),
        -torch.ones(3),
        torch.zeros(3),
        torch.ones(3) / 0,
    ):
        with pytest.raises(ValueError, match="weighting"):
            tiny_images.tiny_fit(tmp_path / "run", weighting=weighting)
    assert not (tmp_path / "run").exists()


CALLS = {
    "by position": lambda network, x_t, t: network(x_t, t),
    "x, t by name": lambda network, x_t, t: network(t=t, x=x_t),
    "x_t, t by name": lambda network, x_t, t: network(x_t=x_t, t=t),
    "t by name": lambda network, x_t, t: network(x_t, t=t),
    "halves": lambda network, x_t, t: torch.cat(
        [network(*part) for part in zip(x_t.split(2), t.split(2), strict=True)]
    ),
}


@pytest.mark.parametrize("weighting", [None, torch.linspace(1, 2, 10)])
@pytest.mark.parametrize("name", ["x", "x_t", "points"])
@pytest.mark.parametrize("call", CALLS)
def test_a_loss_may_call_its_network_as_the_checks_let_it(call, name, weighting):
    names = {}
    exec(f"def forward(self, {name}, t):\n    return self.layer({name}) * t[:, None]", names)
    network = type("Net", (torch.nn.Module,), {"forward": names["forward"]})()
    network.layer = torch.nn.Linear(2, 2)
    lent = LossNetwork(network, network, Accelerator(), weighting)
    x_t, t = torch.randn(4, 2), torch.arange(4) + 1
    answer = CALLS[call](lent, x_t, t)
    assert torch.allclose(answer, network(x_t, t))
    (found,) = torch.autograd.grad(answer.sum(), network.layer.bias)
    expected = t.float() if weighting is None else t * weighting[t]
    assert torch.allclose(found, expected.sum().expand(2))


@pytest.mark.parametrize(("named", "missing"), [({"t": 0}, "x_t"), ({"x": 0}, "t")])
def test_a_call_without_one_of_the_two_is_said_in_words(named, missing):
    network = torch.nn.Linear(2, 2)
    with pytest.raises(TrainingError, match=f"without {missing}:"):
        LossNetwork(network, network, Accelerator(), None)(**named)

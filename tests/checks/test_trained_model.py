"""Points for a trained model need a network that has learned, and samples that are not the data."""

from pathlib import Path

import pytest
import torch
from torch import nn

from labkit.checks import NamespaceSubject, Verdict, judge
from labkit.course import SWISS_ROLL_RUN
from labkit.data import points
from labkit.schedules import Schedule
from labkit.training.run import RunFolder


class Untrained(nn.Module):
    """Knows nothing, whatever it is asked."""

    def __init__(self, *sizes: object):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        return self.weight * x


class KnowsTheData(Untrained):
    """Answers as the best network would, without having learned it."""

    def forward(self, x: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        data, alpha_bar = points("swiss_roll", 2000, 5), Schedule.linear(1000).alphas_cumprod[t, None]
        near = (x[:, None] - alpha_bar.sqrt()[:, None] * data).norm(dim=2)
        x0 = torch.softmax(-near.square() / (2 * (1 - alpha_bar)), dim=1) @ data
        return (x - alpha_bar.sqrt() * x0) / (1 - alpha_bar).sqrt()


def of_the_data(network: nn.Module, schedule: Schedule, shape: tuple[int, int]) -> torch.Tensor:
    return points("swiss_roll", shape[0], 77)


def blurred(network: nn.Module, schedule: Schedule, shape: tuple[int, int]) -> torch.Tensor:
    return points("swiss_roll", shape[0], 77) + 0.01 * torch.randn(shape)


def verdict(network: type[nn.Module], p_sample_loop: object) -> Verdict:
    return judge("trained_model", NamespaceSubject({"SimpleNet": network, "p_sample_loop": p_sample_loop}))


@pytest.fixture(autouse=True)
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = RunFolder(SWISS_ROLL_RUN)
    folder.write_config({"steps": 3})
    weights = {f"network.{name}": x for name, x in Untrained().state_dict().items()}
    folder.save(weights | {"losses": torch.zeros(3)}, [0.1] * 3)


@pytest.mark.parametrize("samples", [of_the_data, blurred])
def test_samples_that_came_from_elsewhere_than_the_network_earn_nothing(samples: object) -> None:
    found = verdict(Untrained, samples)
    assert (found.score, found.misconception) == (0, "hardly_trained"), found.message


def test_points_of_the_data_are_no_samples() -> None:
    found = verdict(KnowsTheData, of_the_data)
    assert (found.score, found.misconception) == (0, "copied_data"), found.message


def test_near_the_line_but_not_on_it_is_what_a_good_network_draws() -> None:
    found = verdict(KnowsTheData, blurred)
    assert found.score == 1, found.message

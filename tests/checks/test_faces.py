"""Runs are judged by what their networks answer: trained, untrained, missing, or of another predictor."""

from functools import partial

import numpy as np
import pytest
import torch
from torch import nn

from labkit.checks import NamespaceSubject, judge
from labkit.checks.judges.faces import betas_of
from labkit.course import run_folder
from labkit.networks import PerfectNetwork
from labkit.profiles import PROFILES
from labkit.schedules import Schedule
from labkit.training.run import RunFolder

SMOKE = PROFILES["smoke"]


class Perfect(nn.Module):
    """Answers for the unseen faces as the best network would."""

    def __init__(self, predictor: str, beta: str):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))
        schedule = Schedule.from_betas(torch.from_numpy(betas_of(beta, SMOKE.num_train_timesteps)))
        faces = SMOKE.faces("val").images[:120].float() / 127.5 - 1
        self.answer = PerfectNetwork(faces, schedule, predictor)

    def forward(self, x_t, t):
        return torch.cat([self.answer(*rows) for rows in zip(x_t.split(8), t.split(8), strict=True)])


def keep_run(predictor: str, beta: str, network: nn.Module) -> None:
    folder = RunFolder(run_folder(predictor, beta))
    folder.write_config({"steps": 1})
    weights = {f"network.{name}": x for name, x in network.state_dict().items()}
    folder.save(weights | {"losses": torch.zeros(1)}, [0.1])


@pytest.fixture
def at_home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def verdict(todo: str):
    return judge(todo, NamespaceSubject({"profile": SMOKE}), seed=0)


def test_no_run_earns_nothing_and_says_what_to_do(at_home) -> None:
    found = verdict("predictors")
    assert found.score == 0 and found.misconception == "untrained"
    assert "Run the cell that calls fit first" in found.message


def test_an_untrained_network_is_no_trained_one(at_home) -> None:
    for predictor in ("noise", "x0", "mean"):
        keep_run(predictor, "linear", SMOKE.network())
    found = verdict("predictors")
    assert found.score == 0 and found.misconception == "hardly_trained"


@pytest.mark.parametrize("judged", ["predictors", "trajectories"])
def test_networks_that_know_the_faces_earn_all(at_home, monkeypatch, judged) -> None:
    """Their predictor and schedule are told apart: each network is right for its own run alone."""
    import labkit.checks.probes.faces as probes

    monkeypatch.setattr(
        probes, "trained_network", lambda namespace, predictor, beta: Perfect(predictor, beta)
    )
    monkeypatch.setattr(
        "labkit.checks.judges.faces._unseen", lambda settings: Faces(SMOKE.faces("val").images[:120])
    )
    assert verdict(judged).score == 1
    others = partial(lambda namespace, predictor, beta: Perfect("noise" if predictor == "x0" else "x0", beta))
    monkeypatch.setattr(probes, "trained_network", others)
    assert verdict(judged).score == 0


class Faces:
    """A set of images."""

    def __init__(self, images):
        self.images = images


@pytest.mark.parametrize("beta", ["linear", "quad", "cosine"])
def test_the_judges_schedules_are_the_lessons(beta) -> None:
    betas = betas_of(beta, SMOKE.num_train_timesteps)
    if beta != "cosine":
        lesson = getattr(Schedule, beta)(SMOKE.num_train_timesteps, *SMOKE.beta_range)
        assert np.allclose(betas, lesson.betas.numpy(), atol=1e-6)
    assert len(betas) == SMOKE.num_train_timesteps and (betas > 0).all() and betas.max() <= 0.999


def test_faces_need_a_choice_that_exists(at_home) -> None:
    subject = NamespaceSubject({"profile": SMOKE, "predictor": "eps", "beta": "linear"})
    found = judge("face_quality", subject, seed=0)
    assert found.score == 0 and found.misconception == "missing" and "'eps'" in found.message

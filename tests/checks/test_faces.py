"""Runs are judged by what their networks answer: trained, untrained, missing, or of another predictor."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torchvision.transforms.functional import gaussian_blur

from labkit.answers import find_answer, load_answers
from labkit.checks import NamespaceSubject, judge
from labkit.checks.judges.faces import betas_of
from labkit.course import run_folder
from labkit.data import ToyFaces
from labkit.errors import CourseError
from labkit.faces import face_schedules
from labkit.networks import PerfectNetwork
from labkit.profiles import PROFILES
from labkit.schedules import Schedule
from labkit.training.run import RunFolder

SMOKE = PROFILES["smoke"]
ANSWERS = Path(__file__).parents[1] / "answers"
SOLUTIONS = Path(__file__).parents[2] / "solutions" / "task2_images"


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


def keep_run(predictor: str, beta: str, network: nn.Module, steps: int = SMOKE.steps) -> None:
    folder = RunFolder(run_folder(predictor, beta))
    folder.write_config({"steps": steps})
    weights = {f"network.{name}": x for name, x in network.state_dict().items()}
    folder.save(weights | {"losses": torch.zeros(steps)}, [0.1] * steps)


@pytest.fixture
def at_home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def verdict(todo: str):
    return judge(todo, NamespaceSubject({"profile": SMOKE}), seed=0)


def test_no_run_earns_nothing_and_says_what_to_do(at_home) -> None:
    found = verdict("predictors")
    assert found.score == 0 and found.misconception == "untrained"
    assert "Run the cell that trains it first" in found.message


def test_an_untrained_network_is_no_trained_one(at_home) -> None:
    for predictor in ("noise", "x0", "mean"):
        keep_run(predictor, "linear", SMOKE.network())
    found = verdict("predictors")
    assert found.score == 0 and found.misconception == "hardly_trained"


def test_a_run_that_calls_itself_finished_too_early_is_none(at_home) -> None:
    keep_run("x0", "linear", SMOKE.network(), steps=SMOKE.steps - 1)
    found = verdict("trajectories")
    assert found.score == 0 and "39 steps" in found.message


@pytest.mark.parametrize("judged", ["predictors", "trajectories"])
def test_networks_that_know_the_faces_earn_all(at_home, monkeypatch, judged) -> None:
    """And networks that predict something else earn nothing."""
    import labkit.checks.probes.faces as probes

    monkeypatch.setattr(
        probes, "trained_network", lambda namespace, predictor, beta: Perfect(predictor, beta)
    )
    monkeypatch.setattr(
        "labkit.checks.judges.faces._unseen", lambda profile: Faces(SMOKE.faces("val").images[:120])
    )
    assert verdict(judged).score == 1

    def others(namespace, predictor, beta):
        return Perfect("noise" if predictor == "x0" else "x0", beta)

    monkeypatch.setattr(probes, "trained_network", others)
    assert verdict(judged).score == 0


class Faces:
    """A set of images."""

    def __init__(self, images):
        self.images = images


@pytest.mark.parametrize("beta", ["linear", "quad", "cosine"])
def test_the_judges_schedules_are_the_lessons(beta) -> None:
    betas = betas_of(beta, SMOKE.num_train_timesteps)
    lesson = face_schedules(SMOKE, find_answer("cosine_betas", SOLUTIONS))[beta]
    assert np.allclose(betas, lesson.betas.numpy(), atol=1e-6)
    assert len(betas) == SMOKE.num_train_timesteps and (betas > 0).all() and betas.max() <= 0.999


class Drawn:
    """A subject that drew these faces from an x0 predictor; its step follows the network by `slope`."""

    def __init__(self, samples, slope=1.0):
        self.samples, self.slope = samples, slope

    def call(self, probe, arrays, seconds=10.0):
        if probe == "face_profile":
            return {"profile": list(PROFILES).index("smoke")}
        if probe == "face_choice":
            return {"predictor": 1, "beta": 0}
        if probe == "face_step":
            return {"x_prev": self.slope * arrays["net_out"]}
        assert probe == "face_samples"
        return {"samples": self.samples[: int(arrays["n"])].numpy()}


@pytest.mark.parametrize("number", [-1, 3, 1e9, 0.5, None])
def test_a_profile_that_the_course_does_not_have_costs_its_todo_alone(number, monkeypatch) -> None:
    """What the judge computes, and the data that it reads, depend on the profile."""
    monkeypatch.setattr("labkit.checks.judges.faces._unseen", lambda profile: pytest.fail("data were read"))

    class Forged:
        def call(self, probe, arrays, seconds=10.0):
            return {} if number is None else {"profile": number}

    for todo in ("face_quality", "predictors"):
        found = judge(todo, Forged(), seed=0)
        assert found.score == 0 and "is none of smoke, cpu, gpu" in found.message


def test_nothing_is_downloaded_for_a_judge(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("LABKIT_DATA", str(tmp_path))
    monkeypatch.setattr("labkit.data.download.fetch", lambda *_: pytest.fail("a download began"))

    class Photographs:
        def call(self, probe, arrays, seconds=10.0):
            return {"profile": list(PROFILES).index("gpu")}

    with pytest.raises(CourseError, match="labkit data afhq"):
        judge("predictors", Photographs(), seed=0)
    assert not list(tmp_path.iterdir())


def test_real_faces_earn_all_blurred_ones_some_and_noise_none() -> None:
    real = ToyFaces("train", 32, 200, seed=9).images  # of the same kind, but never trained on
    noise = torch.randint(256, real.shape, dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    blurred = gaussian_blur(real, 7, 1.6)
    scores = [judge("face_quality", Drawn(faces), seed=0) for faces in (real, blurred, noise)]
    assert scores[0].score == 1 and "toy Fréchet distance" in scores[0].message
    assert 0 < scores[1].score < 1 and "earns more" in scores[1].message
    assert scores[2].score == 0 and scores[2].misconception == "no_faces"


def test_training_images_are_no_samples() -> None:
    training = SMOKE.faces("train").images
    fresh = ToyFaces("train", 32, 200, seed=9).images
    found = judge("face_quality", Drawn(torch.cat([training[:40].flip(-1), fresh])), seed=0)
    assert (found.score, found.misconception) == (0, "copied_data"), found.message
    assert "of 200 faces" in found.message


def test_faces_need_a_choice_that_exists(at_home) -> None:
    subject = NamespaceSubject({"profile": SMOKE, "predictor": "eps", "beta": "linear"})
    found = judge("face_quality", subject, seed=0)
    assert found.score == 0 and found.misconception == "missing" and "'eps'" in found.message


def test_faces_that_a_step_brings_along_earn_nothing() -> None:
    found = judge("face_quality", Drawn(ToyFaces("train", 32, 200, seed=9).images, slope=0.0), seed=0)
    assert found.score == 0 and "must come from the network" in found.message


@pytest.mark.parametrize("predictor", ["noise", "x0", "mean"])
@pytest.mark.parametrize("beta", ["linear", "quad", "cosine"])
def test_every_right_step_follows_the_network(at_home, predictor, beta) -> None:
    """Clipped or not: the judge's slope is that of the lessons' step, for every choice of lesson 08."""
    from labkit.checks.judges import faces

    unseen = SMOKE.faces("val")
    schedule = face_schedules(SMOKE, find_answer("cosine_betas", SOLUTIONS))[beta]
    for path in sorted((ANSWERS / f"step_predict_{predictor}" / "right").glob("*.py")):
        one = load_answers(path)[f"step_predict_{predictor}"]
        for other in ("noise", "x0", "mean"):  # some right answers call one another
            one.__globals__.setdefault(
                f"step_predict_{other}", find_answer(f"step_predict_{other}", SOLUTIONS)
            )
        names = {"profile": SMOKE, "schedule": schedule, "predictor": predictor, "beta": beta}
        names["step"] = lambda schedule, x_t, t, net_out, predictor, one=one: one(schedule, x_t, t, net_out)
        faces._judge_step(
            NamespaceSubject(names), np.random.default_rng(0), unseen, SMOKE.num_train_timesteps
        )


def test_one_run_copied_counts_once(at_home, monkeypatch) -> None:
    import labkit.checks.probes.faces as probes

    monkeypatch.setattr(
        probes, "trained_network", lambda namespace, predictor, beta: Perfect(predictor, "linear")
    )
    monkeypatch.setattr("labkit.checks.judges.faces.ENOUGH", 10.0)  # whether it is good is another question
    found = verdict("trajectories")
    assert found.score == pytest.approx(1 / 3)
    assert "x0 under quad is the same network as x0 under linear" in found.message

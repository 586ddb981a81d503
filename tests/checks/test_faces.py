"""Runs are judged by what their weights are worth in the course's networks, whatever a notebook says."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torchvision.transforms.functional import gaussian_blur

from labkit.checks import NamespaceSubject, Verdict, judge
from labkit.checks.judges.faces import betas_of
from labkit.checks.judges.tables import Tables
from labkit.checks.probes.faces import FaceChoiceReply
from labkit.checks.registry import PROBES
from labkit.course.answers import find_answer, load_answers
from labkit.course.faces import face_schedules, train_faces
from labkit.course.profiles import PROFILES, Profile
from labkit.course.syllabus import run_folder
from labkit.data import ToyFaces
from labkit.errors import CourseError
from labkit.training.run import RunFolder, load_weights

SMOKE = PROFILES["smoke"]
ANSWERS = Path(__file__).parents[1] / "answers"
SOLUTIONS = Path(__file__).parents[2] / "solutions" / "task2_images"
BETAS = ("linear", "quad", "cosine")


def keep_run(
    predictor: str, beta: str, network: nn.Module, steps: int = SMOKE.steps, home: Path = Path()
) -> None:
    folder = RunFolder(home / run_folder(predictor, beta))
    folder.write_config({"steps": steps})
    weights = {f"network.{name}": x for name, x in network.state_dict().items()}
    folder.save(weights | {"losses": torch.zeros(steps)}, [0.1] * steps)


def choose(profile: object, home: Path = Path()) -> None:
    (home / "results").mkdir(exist_ok=True)
    (home / "results" / "profile.json").write_text(json.dumps(profile))


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    choose({"profile": "smoke"})
    return tmp_path


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which lesson 07 has trained the x0 predictor under each schedule."""
    home, here = tmp_path_factory.mktemp("trained"), Path.cwd()
    get_loss, step = (find_answer(todo, SOLUTIONS) for todo in ("get_loss_x0", "step"))
    schedules = face_schedules(SMOKE, find_answer("cosine_betas", SOLUTIONS))
    choose({"profile": "smoke"}, home)
    with pytest.MonkeyPatch.context() as at:
        at.chdir(home)
        for beta in BETAS:
            train_faces(
                SMOKE, SMOKE.faces("train"), schedules[beta], get_loss, step, predictor="x0", beta=beta
            )
    assert Path.cwd() == here
    return home


def verdict(todo: str, home: Path = Path(), **names: object) -> Verdict:
    return judge(todo, NamespaceSubject(names, home), seed=0)


def test_no_run_earns_nothing_and_says_what_to_do(at_home: Path) -> None:
    found = verdict("predictors")
    assert found.score == 0 and found.misconception == "untrained"
    assert "Run the cell that trains it first" in found.message


def test_an_untrained_network_is_no_trained_one(at_home: Path) -> None:
    for predictor in ("noise", "x0", "mean"):
        keep_run(predictor, "linear", SMOKE.network())
    found = verdict("predictors")
    assert found.score == 0 and found.misconception == "hardly_trained"


def test_a_run_that_calls_itself_finished_too_early_is_none(at_home: Path) -> None:
    keep_run("x0", "linear", SMOKE.network(), steps=SMOKE.steps - 1)
    found = verdict("trajectories")
    assert found.score == 0 and "39 steps" in found.message


def test_trained_networks_earn_all_and_as_other_predictors_nothing(trained: Path, tmp_path: Path) -> None:
    found = verdict("trajectories", trained)
    assert found.score == 1, found.message
    shutil.copytree(trained / "results", tmp_path / "results")
    for predictor in ("noise", "mean"):
        shutil.copytree(trained / run_folder("x0", "linear"), tmp_path / run_folder(predictor, "linear"))
    found = verdict("predictors", tmp_path)
    assert found.score == pytest.approx(1 / 3) and "noise under linear: its error" in found.message


def _as_it_is(network: nn.Module, number: int) -> None:
    pass


def _with_noise(network: nn.Module, number: int) -> None:
    """3 % of each weight."""
    torch.manual_seed(number)
    for weight in network.parameters():
        weight.data += 0.03 * weight.abs() * torch.randn_like(weight)


def _in_other_words(network: nn.Module, number: int) -> None:
    """Softmax takes no notice of what is added to all keys."""
    (*_, bias) = [x for name, x in network.named_parameters() if name.endswith("to_qkv.bias")]
    bias.data[len(bias) // 3 + number] += 200 * number


@pytest.mark.parametrize("disguise", [_as_it_is, _with_noise, _in_other_words])
def test_one_run_copied_counts_once(
    disguise: Callable[[nn.Module, int], None],
    trained: Path,
    at_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("labkit.checks.judges.faces.ENOUGH", 10.0)  # whether it is good is another question
    for number, beta in enumerate(BETAS):
        network = SMOKE.network()
        load_weights(network, trained / run_folder("x0", "linear"))
        disguise(network, number)
        keep_run("x0", beta, network)
    found = verdict("trajectories")
    assert found.score == pytest.approx(1 / 3)
    assert "x0 under quad is the same network as x0 under linear" in found.message


def test_without_a_kept_profile_runs_are_those_of_the_profile_cpu(trained: Path, tmp_path: Path) -> None:
    shutil.copytree(trained / "results", tmp_path / "results")
    (tmp_path / "results" / "profile.json").unlink()
    assert "has 40 steps; cpu asks for" in verdict("trajectories", tmp_path).message


def test_a_file_that_no_training_makes_is_not_read(at_home: Path) -> None:
    """One of the readers panics where memory ends, and takes the submission with it."""
    keep_run("x0", "linear", SMOKE.network())
    with (at_home / run_folder("x0", "linear") / "checkpoints" / "step-000041.safetensors").open(
        "wb"
    ) as file:
        file.truncate(2**30)
    assert "has more than 700 MB" in verdict("trajectories").message
    with (at_home / "results" / "profile.json").open("r+b") as file:
        file.truncate(2**30)
    assert "profile.json is damaged" in verdict("trajectories").message


def _not_finite(tensors: dict[str, Tensor]) -> None:
    next(iter(tensors.values())).view(-1)[0] = float("nan")


def _one_number(tensors: dict[str, Tensor]) -> None:
    tensors["losses"] = torch.tensor(1.0)


@pytest.mark.parametrize("damage", [_not_finite, _one_number])
def test_a_damaged_run_costs_its_todo_in_a_sentence(
    damage: Callable[[dict[str, Tensor]], None], at_home: Path
) -> None:
    tensors = {f"network.{name}": x.clone() for name, x in SMOKE.network().state_dict().items()}
    tensors["losses"] = torch.zeros(SMOKE.steps)
    folder = RunFolder(run_folder("x0", "linear"))
    folder.write_config({"steps": SMOKE.steps})
    folder.save(dict(tensors), [0.1] * SMOKE.steps)
    damage(tensors)
    (file,) = folder.path.glob("checkpoints/*.safetensors")
    save_file(tensors, file)
    found = verdict("trajectories")
    assert (found.score, found.misconception) == (0, "untrained")
    assert "train again" in found.message


def test_what_a_verdict_says_of_a_run_names_no_folder_of_the_graders(at_home: Path) -> None:
    keep_run("x0", "linear", nn.Linear(2, 2))
    found = verdict("trajectories", at_home)
    assert "of another network" in found.message and str(at_home) not in found.message


@pytest.mark.parametrize("beta", ["linear", "quad", "cosine"])
def test_the_judges_schedules_are_the_lessons(beta) -> None:
    betas = betas_of(beta, SMOKE.num_train_timesteps)
    lesson = face_schedules(SMOKE, find_answer("cosine_betas", SOLUTIONS))[beta]
    assert np.allclose(betas, lesson.betas.numpy(), atol=1e-6)
    assert len(betas) == SMOKE.num_train_timesteps and (betas > 0).all() and betas.max() <= 0.999


@pytest.mark.parametrize("kept", [{"profile": "huge"}, {"profile": 3}, {}, [], "smoke"])
def test_a_profile_that_the_course_does_not_have_costs_its_todo_alone(kept, at_home, monkeypatch) -> None:
    """What the judge computes, and the data that it reads, depend on the profile."""
    monkeypatch.setattr(Profile, "faces", lambda *_, **__: pytest.fail("data were read"))
    choose(kept)
    for todo in ("face_quality", "predictors"):
        found = verdict(todo)
        assert found.score == 0 and "profile.json" in found.message


def test_nothing_is_downloaded_for_a_judge(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_DATA", str(at_home / "data"))
    monkeypatch.setattr("labkit.data.download.fetch", lambda *_: pytest.fail("a download began"))
    choose({"profile": "gpu"})
    with pytest.raises(CourseError, match="labkit data afhq"):
        verdict("predictors")
    assert not (at_home / "data").exists()


def follow(schedule: object, x_t: Tensor, t: Tensor, net_out: Tensor, predictor: str) -> Tensor:
    return net_out


CHOICE = {"predictor": "x0", "beta": "linear", "step": follow}


@pytest.fixture
def drawing(at_home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Tensor], Verdict]:
    """The verdict where the judge's own process draws these faces, with a network of which it thinks well."""
    monkeypatch.setattr("labkit.checks.judges.faces.ENOUGH", 10.0)
    keep_run("x0", "linear", SMOKE.network())

    def judged(faces: Tensor) -> Verdict:
        monkeypatch.setattr("labkit.checks.judges.faces.sample", lambda _, __, ___, n, *_a, **_k: faces[:n])
        return verdict("face_quality", **CHOICE)

    return judged


def test_real_faces_earn_all_blurred_ones_some_and_noise_none(drawing: Callable[[Tensor], Verdict]) -> None:
    real = ToyFaces("train", 32, 200, seed=9).images  # of the same kind, but never trained on
    noise = torch.randint(256, real.shape, dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    blurred = gaussian_blur(real, 7, 1.6)
    scores = [drawing(faces) for faces in (real, blurred, noise)]
    assert scores[0].score == 1 and "toy Fréchet distance" in scores[0].message
    assert 0 < scores[1].score < 1 and "earns more" in scores[1].message
    assert scores[2].score == 0 and scores[2].misconception == "no_faces"


def test_training_images_are_no_samples(drawing: Callable[[Tensor], Verdict]) -> None:
    training = SMOKE.faces("train").images
    fresh = ToyFaces("train", 32, 200, seed=9).images
    found = drawing(torch.cat([training[:40].flip(-1), fresh]))
    assert (found.score, found.misconception) == (0, "copied_data"), found.message
    assert "of 200 faces" in found.message


def test_faces_are_drawn_from_the_weights_that_were_handed_in(trained: Path) -> None:
    """By the judge's own steps: 40 steps of training draw something, and it is far from faces."""
    found = verdict("face_quality", trained, **CHOICE)
    assert (found.score, found.misconception) == (0, "no_faces") and "n = 200" in found.message


def test_faces_need_a_choice_that_exists(at_home: Path) -> None:
    found = verdict("face_quality", predictor="eps", beta="linear")
    assert found.score == 0 and found.misconception == "missing" and "'eps'" in found.message


def test_an_untrained_network_draws_no_faces(at_home: Path) -> None:
    keep_run("x0", "linear", SMOKE.network())
    assert verdict("face_quality", **CHOICE).misconception == "hardly_trained"


def test_faces_that_a_step_brings_along_earn_nothing(at_home: Path) -> None:
    real = ToyFaces("train", 32, 200, seed=9).images
    keep_run("x0", "linear", SMOKE.network())
    names = CHOICE | {"step": lambda schedule, x_t, t, net_out, predictor: real[: len(x_t)] / 127.5 - 1}
    found = verdict("face_quality", **names)
    assert found.score == 0 and "must come from the network" in found.message


@pytest.mark.parametrize("choice", [("../../elsewhere", "linear"), ("x0", "../linear"), ("", "")])
def test_a_choice_that_is_none_of_the_courses_names_no_folder(
    at_home: Path, monkeypatch: pytest.MonkeyPatch, choice: tuple[str, str]
) -> None:
    monkeypatch.setitem(PROBES, "face_choice", lambda names, values: FaceChoiceReply(*choice))
    found = verdict("face_quality")
    assert found.misconception == "missing" and "The course has no run" in found.detail


@pytest.mark.parametrize("predictor", ["noise", "x0", "mean"])
@pytest.mark.parametrize("beta", ["linear", "quad", "cosine"])
def test_every_right_step_follows_the_network(predictor: str, beta: str) -> None:
    """Clipped or not: the judge's slope is that of the lessons' step, for every choice of lesson 08."""
    from labkit.checks.judges import faces

    unseen = SMOKE.faces("val")
    tables = Tables.of(betas_of(beta, SMOKE.num_train_timesteps))
    for path in sorted((ANSWERS / f"step_predict_{predictor}" / "right").glob("*.py")):
        one = load_answers(path)[f"step_predict_{predictor}"]
        for other in ("noise", "x0", "mean"):  # some right answers call one another
            one.__globals__.setdefault(
                f"step_predict_{other}", find_answer(f"step_predict_{other}", SOLUTIONS)
            )
        names = {"predictor": predictor, "beta": beta}
        names["step"] = lambda schedule, x_t, t, net_out, predictor, one=one: one(schedule, x_t, t, net_out)
        faces._judge_step(NamespaceSubject(names), np.random.default_rng(0), unseen, predictor, tables)

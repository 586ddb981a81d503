"""Attacks that want the points of a training without one: notebooks that lie about what they trained."""

import json
import shutil
from collections.abc import Iterator

import pytest
import torch
from arena import SETUP, answer_cell, check_cell
from nbformat.v4 import new_notebook

from labkit.checks import JUDGES
from labkit.course.profiles import PROFILES
from labkit.course.syllabus import SWISS_ROLL_RUN, run_folder
from labkit.grading.execution.notebook_run import run_notebook
from labkit.grading.execution.testcell import points_of
from labkit.grading.isolation import Sandbox
from labkit.networks import TimeLinear
from labkit.training.run import RunFolder

TRAINED = ("trained_model", "predictors", "trajectories", "face_quality")

LIES = {
    "brings_the_data": """
from labkit.data import points
class SimpleNet(torch.nn.Module):
    def __init__(self, *a, **k): super().__init__()
    def forward(self, x, t): return x
p_sample_loop = lambda network, schedule, shape: points("swiss_roll", shape[0], 5)
step = lambda schedule, x_t, t, net_out, predictor: net_out
predictor, beta = "x0", "linear"
""",
    "other_weights_on_loading": """
import labkit.training, labkit.training.run as run
run._load = lambda *a, **k: None
run.Run.load = classmethod(lambda cls, network, folder: network)
labkit.training.load_weights = run.load_weights = lambda *a, **k: None
predictor, beta, step = "x0", "linear", lambda schedule, x_t, t, net_out, predictor: net_out
""",
    "another_network": """
import dataclasses, labkit.course.profiles as profiles
class Best(torch.nn.Module):
    def forward(self, x_t, t): return x_t
profiles.Profile.network = lambda self: Best()
profile = profiles.PROFILES["smoke"]
predictor, beta, step = "x0", "linear", lambda schedule, x_t, t, net_out, predictor: net_out
""",
    "its_own_probes": """
from labkit.checks.registry import PROBES
from labkit.checks.probes.faces import FaceChoiceReply, FaceStepReply
for name in [*PROBES, "denoiser", "face_samples", "trained_model", "trained_noise", "face_profile"]:
    PROBES[name] = lambda names, values: FaceStepReply(values["net_out"])
PROBES["face_choice"] = lambda names, values: FaceChoiceReply("x0", "linear")
""",
    "writes_a_run": """
import pathlib, shutil
for folder in (pathlib.Path("results"), pathlib.Path("/sandbox/submission/results")):
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True)
    except OSError:
        pass
predictor, beta, step = "x0", "linear", lambda schedule, x_t, t, net_out, predictor: net_out
""",
}


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Around a submission with all runs, whose weights nobody has trained."""
    home = tmp_path_factory.mktemp("submission") / "mallory" / "task2_images"
    (home / "results").mkdir(parents=True)
    (home / "results" / "profile.json").write_text(json.dumps({"profile": "smoke"}))
    smoke = PROFILES["smoke"]
    torch.manual_seed(0)
    dims = ((2, 128), (128, 128), (128, 128), (128, 2))
    roll = torch.nn.ModuleList([TimeLinear(*sizes, 1000) for sizes in dims])
    runs = {run_folder(predictor, "linear"): smoke.network() for predictor in ("x0", "mean")}
    runs |= {run_folder("x0", beta): smoke.network() for beta in ("quad", "cosine")}
    for name, network in {SWISS_ROLL_RUN: roll, **runs}.items():
        folder = RunFolder(home / name)
        folder.write_config({"steps": smoke.steps})
        weights = {f"network.{key}": x for key, x in network.state_dict().items()}
        folder.save(weights | {"losses": torch.zeros(smoke.steps)}, [0.1] * smoke.steps)
    sandbox = Sandbox(home)
    try:
        yield sandbox
    finally:
        sandbox.close()
        shutil.rmtree(home)


@pytest.mark.parametrize("lie", LIES)
def test_no_notebook_makes_a_training_out_of_none(untrained: Sandbox, lie: str) -> None:
    assert set(TRAINED) < set(JUDGES)
    cells = [answer_cell(f"{SETUP}\n{LIES[lie]}", "lie"), *(check_cell(todo, 6) for todo in TRAINED)]
    tests = {f"check_{todo}": f'check("{todo}", points=6)' for todo in TRAINED}
    run_notebook(new_notebook(cells=cells), tests, untrained, lambda cell: 60.0, 300)
    for cell in cells[1:]:
        assert points_of(cell.outputs) == 0, cell.outputs
        assert "labkit.verdict" in str(cell.outputs), cell.outputs  # a judge said so

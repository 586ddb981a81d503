"""`labkit train` and `labkit sample`: a student's own functions, without a notebook."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from labkit.cli import app

SOLVED = Path(__file__).parents[2] / "solutions" / "task2_images"
SMOKE = os.environ | {"LABKIT_PROFILE": "smoke", "OMP_NUM_THREADS": "1"}


def labkit(*arguments: object, launcher: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *launcher, "-m", "labkit", *map(str, arguments)]
    return subprocess.run(command, env=SMOKE, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A student's folder with the solutions of lessons 05 and 06, and a finished run."""
    made = tmp_path_factory.mktemp("train") / "task2_images"
    made.mkdir()
    for lesson in ("05_noise_schedules", "06_predictors"):
        shutil.copy(SOLVED / f"{lesson}.ipynb", made)
    done = labkit("train", "--schedule", "cosine", "--folder", made, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["steps"] == 40
    return made


def test_a_finished_run_is_found_again_and_can_be_drawn_from(folder: Path, tmp_path: Path) -> None:
    run = folder / "results" / "predictor_x0" / "beta_cosine" / "seed63"
    files = {path: path.stat().st_mtime_ns for path in run.rglob("*.safetensors")}
    assert files and labkit("train", "--schedule", "cosine", "--folder", folder).returncode == 0
    assert {path: path.stat().st_mtime_ns for path in run.rglob("*.safetensors")} == files
    options = ("--schedule", "cosine", "--folder", folder, "-n", 3, "--out", tmp_path / "faces")
    assert labkit("sample", *options).returncode == 0
    with np.load(tmp_path / "faces" / "samples.npz", allow_pickle=False) as arrays:
        assert arrays["images"].shape == (3, 3, 32, 32) and arrays["images"].dtype == np.uint8
    assert (tmp_path / "faces" / "samples.png").is_file()


def test_two_processes_train_the_same_as_one(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "two", ignore=shutil.ignore_patterns("results"))
    launcher = ("-m", "torch.distributed.run", "--nproc-per-node=2", "--master-port=29517")
    options = ("train", "--schedule", "cosine", "--folder", tmp_path / "two", "--json")
    done = labkit(*options, launcher=launcher)
    assert done.returncode == 0, done.stderr
    one = json.loads(labkit("train", "--schedule", "cosine", "--folder", folder, "--json").stdout)
    assert json.loads(done.stdout)["loss"] == pytest.approx(one["loss"], rel=1e-3)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["train", "--predictor", "eps"], 2, "no predictor 'eps'"),
        (["train", "--schedule", "square"], 2, "no schedule 'square'"),
        (["train", "--weighting", "snr"], 2, "no weighting 'snr'"),
        (["train", "--folder", "nowhere"], 2, "no folder nowhere"),
        (["train", "--profile", "tpu"], 1, "names the profile 'tpu'"),
        (["train", "--profile", "smoke"], 1, "06_predictors.ipynb, which is not in this folder"),
        (["sample", "--profile", "smoke"], 1, "06_predictors.ipynb, which is not in this folder"),
        (["sample", "-n", "0"], 2, "-n"),
    ],
)
def test_wrong_use_is_a_sentence(arguments, code, words, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LABKIT_PROFILE", "smoke")
    outcome = CliRunner().invoke(app, arguments)
    said = " ".join(outcome.stderr.replace("│", " ").split())
    assert outcome.exit_code == code, said
    assert words in said and "Traceback" not in said


@pytest.mark.parametrize("name", ["train", "sample", "data", "fid", "chamfer"])
def test_help_has_an_example(name: str) -> None:
    outcome = CliRunner().invoke(app, [name, "--help"])
    assert outcome.exit_code == 0 and f"Example: labkit {name}" in outcome.output

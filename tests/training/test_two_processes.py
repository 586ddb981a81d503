"""Two processes under torchrun make the run of one process with the whole batch, up to rounding."""

import os
import subprocess
import sys

import pytest
import tiny
import tiny_images
import torch
import two_processes

from labkit.training import Run
from labkit.training.only_training import only_training


def torchrun(processes: int, out):
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    environment = os.environ | {"ACCELERATE_USE_CPU": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [*command, two_processes.__file__, str(out)], env=environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    done = torchrun(2, two)
    assert done.returncode == 0, done.stderr
    assert sorted(file.name for file in two.glob("done_*")) == ["done_1_of_2", "done_2_of_2"]
    assert done.stderr.count("step 24 of 24, loss") == 1, "both processes talk, or none"
    two_processes.train(one)
    return one, two


@pytest.mark.parametrize("name", ["points", "images"])
def test_losses_and_weights_are_those_of_one_process(both, name):
    make = {"points": tiny.network, "images": tiny_images.network}[name]
    one, two = (Run.load(make(), folder / name) for folder in both)
    assert len(one.losses) == one.config["steps"]
    torch.testing.assert_close(two.losses, one.losses, rtol=0, atol=1e-5)
    start = make().state_dict()
    for key, weight in one.network.state_dict().items():
        torch.testing.assert_close(two.network.state_dict()[key], weight, rtol=0, atol=1e-5)
        assert not torch.allclose(weight, start[key], rtol=0, atol=1e-3)


def test_previews_are_drawn_once_and_alike(both):
    names = [sorted(file.name for file in (folder / "images" / "samples").iterdir()) for folder in both]
    assert names[0] == names[1] and len(names[0]) == 4


def test_dropout_draws_of_its_own_and_leaves_the_noise_alone(both):
    """So the losses differ, by what dropout does, and no more."""
    one, two = (Run.load(tiny_images.network(), folder / "dropout") for folder in both)
    assert not torch.equal(one.losses, two.losses)
    torch.testing.assert_close(two.losses, one.losses, rtol=0.1, atol=0)


def test_a_folder_where_another_trains_is_named(tmp_path):
    with only_training(tmp_path / "points"):
        done = torchrun(2, tmp_path)
    assert done.returncode != 0
    assert f"another process is training in {tmp_path / 'points'} (process {os.getpid()} " in done.stderr


def test_a_number_of_processes_that_cannot_share_the_batch_is_named(tmp_path):
    done = torchrun(3, tmp_path)
    assert done.returncode != 0
    assert "3 processes cannot share a batch of" in done.stderr
    assert not list(tmp_path.iterdir())

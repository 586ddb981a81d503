"""A run of images that is killed twenty times ends with the bits of one that was left alone."""

import csv
import multiprocessing
import random
import signal
import sys
import time
from pathlib import Path

import pytest
import tiny_images
import torch

from labkit.training import Run

KILLS = 20


def kill_anywhere(process, out: Path, pause: random.Random) -> None:
    time.sleep(pause.random() / 3)


def kill_while_training(process, out: Path, pause: random.Random) -> None:
    newest = newest_checkpoint(out)
    while process.is_alive() and newest_checkpoint(out) == newest:
        time.sleep(0.001)
    time.sleep(pause.random() / 20)


def kill_while_writing(process, out: Path, pause: random.Random) -> None:
    folder = pause.choice(["checkpoints", "samples"])
    while process.is_alive() and not list((out / folder).glob(".*.tmp")):
        pass


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def newest_checkpoint(out: Path) -> str:
    return max((file.name for file in (out / "checkpoints").glob("step-*")), default="")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork server")
def test_twenty_kills_change_no_bit(tmp_path):
    # A process that has imported torch, and never ran it, is forked for each attempt.
    context, pause = multiprocessing.get_context("forkserver"), random.Random(0)
    context.set_forkserver_preload(["tiny_images", "torch.utils.tensorboard"])

    def start(out: Path):
        process = context.Process(target=tiny_images.long_fit, args=(out,))
        process.start()
        return process

    undisturbed = start(tmp_path / "whole")
    out = tmp_path / "killed"
    for kill in range(KILLS):
        process = start(out)
        (kill_anywhere, kill_while_training, kill_while_writing)[kill % 3](process, out, pause)
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL, "the run ended before it was killed"
    assert newest_checkpoint(out), "no kill left anything to go on from"
    last = start(out)
    for process in (undisturbed, last):
        process.join()
        assert process.exitcode == 0

    killed, whole = (Run.load(tiny_images.network(), tmp_path / name) for name in ("killed", "whole"))
    assert torch.equal(killed.losses, whole.losses) and len(whole.losses) == whole.config["steps"] == 300
    weights = killed.network.state_dict()
    assert all(torch.equal(weights[name], x) for name, x in whole.network.state_dict().items())

    assert not list(out.rglob("*.tmp"))
    for name in ("checkpoints", "samples"):
        assert files(out / name) == files(tmp_path / "whole" / name)
    assert len(files(out / "checkpoints")) == 2
    with open(out / "metrics.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["step"]) for row in rows] == list(range(300))
    assert torch.equal(torch.tensor([float(row["loss"]) for row in rows]), whole.losses)
    assert float(rows[3]["lr"]) == pytest.approx(tiny_images.SETTINGS["lr"])
    assert float(rows[-1]["lr"]) < 1e-4 * tiny_images.SETTINGS["lr"]

"""Draws docs/course.png, the picture at the top of the README, from a finished run of lesson 04.

python docs/course.py FOLDER_OF_SOLVED_NOTEBOOKS
"""

import os
import sys
from pathlib import Path

import torch
from matplotlib.figure import Figure

from labkit.course.answers import load_answers
from labkit.course.syllabus import SWISS_ROLL_RUN
from labkit.data import points
from labkit.sampling import record_trajectory
from labkit.schedules import Schedule
from labkit.training import load_weights

TIMES = [0, 50, 150, 300, 999]


def main(folder: Path) -> None:
    """Top: the forward process. Bottom: the reverse process of the trained network."""
    answers = {}
    for notebook in sorted(folder.glob("0*.ipynb")):
        answers |= load_answers(notebook)
    schedule, x0 = Schedule.linear(1000), points("swiss_roll", 2000, seed=0)
    network = answers["SimpleNet"](2, 2, [128, 128, 128], 1000)
    load_weights(network, folder / SWISS_ROLL_RUN)
    torch.manual_seed(0)
    forward = [answers["q_sample"](schedule, x0, torch.full((len(x0),), t)) for t in TIMES]
    way_back = record_trajectory(
        lambda x_t, t: answers["p_sample"](network, schedule, x_t, t),
        torch.randn(2000, 2),
        1000,
        snapshots=1000,
    )
    backward = [way_back.x_ts[way_back.timesteps.index(t)] for t in TIMES]
    backward[0] = way_back.x_ts[-1]
    colour = torch.atan2(x0[:, 1], x0[:, 0])
    figure = Figure(figsize=(10, 4.2), dpi=90, layout="constrained")
    for row, snapshots in zip(figure.subplots(2, len(TIMES)), (forward, backward), strict=True):
        last = torch.atan2(snapshots[0][:, 1], snapshots[0][:, 0]) if snapshots is backward else colour
        for axes, x_t, t in zip(row, snapshots, TIMES, strict=True):
            axes.scatter(*x_t.T, c=last, cmap="viridis", s=1.5, lw=0)
            axes.set(xlim=(-5, 5), ylim=(-5, 5), xticks=[], yticks=[], aspect="equal")
            if snapshots is forward:
                axes.set_title(f"t = {t}")
        row[0].set_ylabel("q_sample →" if snapshots is forward else "← p_sample")
    target = Path(__file__).with_suffix(".png")
    figure.savefig(target.with_suffix(".partial"), format="png", metadata={"Software": None})
    os.replace(target.with_suffix(".partial"), target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

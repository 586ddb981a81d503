"""Makes labkit/sampling/finished_roll.safetensors from a finished run of lesson 04.

`python -m labkit.sampling.record_finished_roll FOLDER_OF_SOLVED_NOTEBOOKS`, a folder with the executed
notebooks of Task 1 and their results/. Network and step are those of the notebooks.
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from labkit.atomic import write_atomically
from labkit.course.answers import load_answers
from labkit.course.syllabus import SWISS_ROLL_RUN, TASKS
from labkit.sampling.roll import FINISHED_ROLL
from labkit.sampling.trajectory import Trajectory, record_trajectory
from labkit.schedules import Schedule
from labkit.training import load_weights

POINTS, SNAPSHOTS = 250, 15


def record(folder: Path) -> Trajectory:
    """The reverse process of the network whose run lies in `folder`, from seeded noise."""
    answers: dict = {}
    for lesson in TASKS["task1_swiss_roll"]:
        answers |= load_answers(folder / f"{lesson.name}.ipynb")
    schedule = Schedule.linear(1000)
    network = answers["SimpleNet"](2, 2, [128, 128, 128], schedule.num_train_timesteps)
    load_weights(network, folder / SWISS_ROLL_RUN)
    torch.manual_seed(0)
    return record_trajectory(
        lambda x_t, t: answers["p_sample"](network, schedule, x_t, t),
        torch.randn(POINTS, 2),
        schedule.num_train_timesteps,
        SNAPSHOTS,
    )


def main(folder: Path) -> None:
    """Record it, and write it in half precision: a thousandth of the roll's size is no pixel."""
    made = record(folder)
    tensors = {"timesteps": torch.tensor(made.timesteps), "x_ts": made.x_ts.to(torch.float16)}
    write_atomically(FINISHED_ROLL, lambda part: save_file(tensors, part))
    print(f"wrote {FINISHED_ROLL}, {FINISHED_ROLL.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""The way of 250 points from noise to the swiss roll, as a network trained in lesson 04 went it."""

from pathlib import Path

import torch
from safetensors.torch import load_file

from labkit.sampling.trajectory import Trajectory

FINISHED_ROLL = Path(__file__).with_name("finished_roll.safetensors")
"""Made by `python -m labkit.sampling.record_finished_roll`."""


def finished_roll() -> Trajectory:
    """What a finished run of lesson 04 drew, to show before it is built: x_ts [17, 250, 2]."""
    kept = load_file(FINISHED_ROLL)
    return Trajectory(kept["timesteps"].tolist(), kept["x_ts"].to(torch.float32))

"""From noise to samples: the reverse process, by anybody's step function; and a walk the other way."""

from labkit.sampling.forward_walk import walk_into_noise
from labkit.sampling.images import SamplingError, image_trajectory, sample
from labkit.sampling.roll import finished_roll
from labkit.sampling.strided import strided
from labkit.sampling.trajectory import Trajectory, record_trajectory

__all__ = [
    "SamplingError",
    "Trajectory",
    "finished_roll",
    "image_trajectory",
    "record_trajectory",
    "sample",
    "strided",
    "walk_into_noise",
]

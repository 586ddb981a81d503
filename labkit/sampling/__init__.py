"""From noise to samples: the reverse process, by anybody's step function."""

from labkit.sampling.images import SamplingError, image_trajectory, sample
from labkit.sampling.strided import strided
from labkit.sampling.trajectory import Trajectory, record_trajectory

__all__ = ["SamplingError", "Trajectory", "image_trajectory", "record_trajectory", "sample", "strided"]

"""Training runs: the loop, and the folder that keeps what it made."""

from labkit.training.device import training_device
from labkit.training.fingerprint import TrainingError
from labkit.training.fit import fit
from labkit.training.loop import TrainingInterruptedError
from labkit.training.run import ConfigChangedError, Run, RunError, load_weights
from labkit.training.weighting import min_snr

__all__ = [
    "ConfigChangedError",
    "Run",
    "RunError",
    "TrainingError",
    "TrainingInterruptedError",
    "fit",
    "load_weights",
    "min_snr",
    "training_device",
]

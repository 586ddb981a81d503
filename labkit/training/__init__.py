"""Training runs: the loop, and the folder that keeps what it made."""

from labkit.training.fingerprint import TrainingError
from labkit.training.fit import TrainingInterruptedError, fit, training_device
from labkit.training.run import ConfigChangedError, Run, RunError, load_weights

__all__ = [
    "ConfigChangedError",
    "Run",
    "RunError",
    "TrainingError",
    "TrainingInterruptedError",
    "fit",
    "load_weights",
    "training_device",
]

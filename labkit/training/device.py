"""Where a run computes, and in which precision."""

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState

from labkit.training.recipe import Precision


def training_device() -> torch.device:
    """The device that `fit` trains on: a GPU where there is one; ACCELERATE_USE_CPU=1 keeps to the CPU."""
    return Accelerator(cpu=_no_gpu()).device


def make_accelerator(precision: Precision, compile: bool) -> Accelerator:
    """An Accelerator for one run, whatever runs this process made before.

    Raises ValueError where this device cannot compute in `precision`.
    """
    chosen = _fastest_precision() if precision == "auto" else precision
    # Otherwise accelerate keeps the precision of the process's first run, and refuses another one.
    AcceleratorState._reset_state()
    try:
        return Accelerator(
            cpu=_no_gpu(), mixed_precision=chosen, dynamo_backend="inductor" if compile else "no"
        )
    except ValueError as error:
        raise ValueError(f'precision "{chosen}" does not work on this device: {error}') from error


def _no_gpu() -> bool:
    """Accelerate has to be told: under torchrun it would look for one GPU for each process."""
    return not (torch.cuda.is_available() or torch.backends.mps.is_available())


def random_devices(device: torch.device) -> list[torch.device]:
    """What torch.random.fork_rng shall fork beside the CPU's random state."""
    return [device] if device.type == "cuda" else []


def _fastest_precision() -> Precision:
    if training_device().type != "cuda":
        return "no"  # measured: bf16 on a CPU without instructions for it is ten times slower
    return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"

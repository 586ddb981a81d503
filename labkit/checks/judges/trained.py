"""The networks that trainings left behind, as a judge loads and runs them: weights are data.

No code of a student's comes into it: what a run earns is what its weights, in the course's own networks, are
worth.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from labkit.checks.judges.simple_net import Network
from labkit.checks.subject import AnswerError
from labkit.course.profiles import Profile
from labkit.course.syllabus import lesson_of, run_folder
from labkit.networks import TimeLinear
from labkit.training import Run, RunError, training_device
from labkit.training.run import RunFolder, take

_PARTS = tuple(TimeLinear(1, 1, 1).state_dict())
_MOST_LAYERS = 100
_CHECKPOINT_BYTES = 700 * 2**20
"""Network and average of the largest preset have 470 MB."""
_CONFIG_BYTES = 2**20
_DAMAGED = (RuntimeError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError, MemoryError)


def face_network(folder: Path, profile: Profile, predictor: str, beta: str) -> nn.Module:
    """The network of a finished run in `folder`, a notebook's, with its averaged weights, in eval mode.

    Raises AnswerError (untrained) where there is none of the profile's size and length.
    """
    name = run_folder(predictor, beta)
    with _in_a_sentence(folder, name, f"For {predictor} under {beta}, "):
        _demand_size(folder / name)
        run = Run.load(profile.network(), folder / name)
        if len(run.losses) < profile.steps:
            raise RunError(
                f"the run in {name} has {len(run.losses)} steps; {profile.name} asks for {profile.steps}."
            )
        _demand_finite(run.network.state_dict())
        return run.network.to(training_device())


def roll_layers(folder: Path, run: str, dims: list[tuple[int, int]], num_timesteps: int) -> list[TimeLinear]:
    """The TimeLinear layers of a SimpleNet whose run is in `folder`, in no order.

    `dims` are the (dim_in, dim_out) that they should have. Whatever a student calls them, a layer's weights
    stand together. Raises AnswerError (untrained) where there is no finished run, or it has other layers.
    """
    with _in_a_sentence(folder, run):
        _demand_size(folder / run)
        tensors = RunFolder(folder / run).finished()
        weights = take(tensors, "ema.module.") or take(tensors, "network.")
        _demand_finite(weights)
        parts = _time_linears(weights)
        found = sorted(_dims(one) for one in parts)
        if found != sorted(dims):
            listed = ", ".join(f"{dim_in} → {dim_out}" for dim_in, dim_out in found) or "none"
            wanted = ", ".join(f"{dim_in} → {dim_out}" for dim_in, dim_out in dims)
            raise RunError(
                f"the run in {run} is of another network: its TimeLinear layers are {listed}; "
                f"{lesson_of('SimpleNet')} asks for {wanted}."
            )
        layers = [TimeLinear(*_dims(one), num_timesteps).eval() for one in parts]
        for layer, one in zip(layers, parts, strict=True):
            layer.load_state_dict(one)
        return layers


def answer_of(network: Network, x_t: np.ndarray, t: np.ndarray) -> np.ndarray:
    """What a network says about `x_t` [B, …] at `t` [B], in float64."""
    device = next(network.parameters()).device if isinstance(network, nn.Module) else torch.device("cpu")
    with torch.inference_mode():
        out = network(torch.from_numpy(x_t).float().to(device), torch.from_numpy(t).to(device))
    return out.double().cpu().numpy()


def _time_linears(weights: dict[str, Tensor]) -> list[dict[str, Tensor]]:
    """The weights of each, once also where a student keeps it under two names."""
    prefixes = [name.removesuffix(_PARTS[0]) for name in weights if name.endswith(_PARTS[0])]
    prefixes = [prefix for prefix in prefixes if all(prefix + part in weights for part in _PARTS)]
    if len(prefixes) > _MOST_LAYERS:
        raise RunError(f"there are {len(prefixes):,} TimeLinear layers in it, more than any lesson asks for.")
    found: list[dict[str, Tensor]] = []
    for prefix in prefixes:
        parts = {part: weights[prefix + part] for part in _PARTS}
        if not any(_are_equal(parts, other) for other in found):
            found.append(parts)
    return found


def _dims(parts: dict[str, Tensor]) -> tuple[int, int]:
    dim_out, dim_in = parts[_PARTS[0]].shape
    return dim_in, dim_out


def _are_equal(some: dict[str, Tensor], others: dict[str, Tensor]) -> bool:
    return all(x.shape == others[name].shape and x.equal(others[name]) for name, x in some.items())


def _demand_size(run: Path) -> None:
    """Raise RunError where a file is larger than a run's are: readers take it whole, and one panics."""
    for file, most in [
        (run / "config.json", _CONFIG_BYTES),
        *((one, _CHECKPOINT_BYTES) for one in (run / "checkpoints").glob("*")),
    ]:
        if file.is_file() and file.stat().st_size > most:
            raise RunError(f"{file} has more than {most / 2**20:g} MB: no training of the course makes that.")


def _demand_finite(weights: dict[str, Tensor]) -> None:
    if not all(x.isfinite().all() for x in weights.values()):
        raise RunError(
            "its weights are not finite: the training diverged. Delete its folder and train again."
        )


@contextmanager
def _in_a_sentence(folder: Path, run: str, before: str = "") -> Iterator[None]:
    """What is wrong with a run as an AnswerError (untrained), without the folder, which is a grader's own."""
    try:
        yield
    except RunError as error:
        said = before + str(error).replace(f"{folder}{os.sep}", "")
    except _DAMAGED as error:
        said = (
            f"{before}the run in {run} is damaged ({type(error).__name__}). "
            "Delete that folder and train again."
        )
    else:
        return
    raise AnswerError("untrained", said[0].upper() + said[1:])

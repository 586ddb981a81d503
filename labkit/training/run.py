"""A training run on disk: its configuration, its curve, its last two checkpoints.

    <folder>/config.json                          what was asked for
    <folder>/metrics.csv                          step, loss and learning rate, one line a step
    <folder>/checkpoints/step-002000.safetensors  all that is needed to go on, or to sample
    <folder>/samples/step-002000.png              what the averaged network drew then; previews alone make it
    <folder>/tensorboard/                         the same for TensorBoard, where that is installed
    <folder>/.training.lock                       who trains in it now, `labkit.training.only_training`

Every file but the last two's appears at once and whole or not at all, so a run can be killed at any
moment.
"""

import json
import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL.Image import Image
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from labkit.errors import CourseError
from labkit.training.fingerprint import describe_data, describe_loss, same_data, same_loss

_KEPT = 2


class RunError(CourseError):
    """A run's folder is missing, damaged, of another network, or cannot be written."""


def cannot_write(path: Path, error: OSError) -> RunError:
    """The error for a file of a run that cannot be written."""
    return RunError(
        f"cannot write {path}: {error.strerror or error}. "
        "Make room or get permission to write there, or give fit another `out`."
    )


class ConfigChangedError(RunError):
    """The folder holds a run that was made with other settings."""


@dataclass(frozen=True)
class Run:
    """A finished training run."""

    network: nn.Module
    """The trained network in eval mode: with averaged weights where the run kept an average."""
    losses: Tensor
    """The loss of each step, float32 [steps]."""
    folder: Path
    """Where the run is kept."""
    config: dict
    """What was asked for, as config.json has it."""

    @classmethod
    def load(cls, network: nn.Module, folder: str | Path) -> "Run":
        """Read a run back; its weights go into `network`.

        Raises RunError where there is no finished run, or it does not fit the network.
        """
        run = RunFolder(folder)
        tensors = run.finished()
        _load(network, tensors, run.path)
        return cls(network.eval(), tensors["losses"], run.path, run.config())


def load_weights(network: nn.Module, folder: str | Path, averaged: bool = True) -> None:
    """Load the newest checkpoint's averaged weights, or the very last ones, into `network`.

    Where the run kept no average, its last weights are loaded in any case. Only safetensors are read, so the
    folder may come from anybody.

    Raises RunError where there is no finished run, or it does not fit the network.
    """
    run = RunFolder(folder)
    _load(network, run.finished(), run.path, averaged)


def _load(network: nn.Module, tensors: dict[str, Tensor], folder: Path, averaged: bool = True) -> None:
    weights = (averaged and take(tensors, "ema.module.")) or take(tensors, "network.")
    there, here = shapes(weights), shapes(network.state_dict())
    if there != here:
        listed = "\n".join(_differences(there, here, "in this network"))
        raise RunError(f"the run in {folder} is of another network:\n{listed}")
    network.load_state_dict(weights)


def take(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The tensors whose names begin with `prefix`, under their names without it."""
    return {name.removeprefix(prefix): x for name, x in tensors.items() if name.startswith(prefix)}


def shapes(tensors: dict[str, Tensor]) -> dict[str, list[int]]:
    """Name → shape."""
    return {name: list(x.shape) for name, x in tensors.items()}


def _differences(there: dict, here: dict, now: str = "now") -> list[str]:
    """One line for each key whose value differs; None stands for what one side lacks, as older runs do."""
    return [
        f"  {key}: {there.get(key)} there, {here.get(key)} {now}"
        for key in dict.fromkeys([*there, *here])
        if there.get(key) != here.get(key)
    ]


def _config_differences(there: dict, here: dict) -> list[str]:
    """The same for two configurations, whose data and loss are compared by their fingerprints."""
    parts = ("network", "data", "loss_fn")

    def plain(side: dict) -> dict:
        return {key: value for key, value in side.items() if key not in parts}

    def network(side: dict) -> dict:
        return {f"network.{key}": shape for key, shape in side["network"].items()}

    lines = _differences(plain(there), plain(here)) + _differences(network(there), network(here))
    if not same_data(there["data"], here["data"]):
        lines.append(f"  data: {describe_data(there['data'])} there, {describe_data(here['data'])} now")
    if not same_loss(there["loss_fn"], here["loss_fn"]):
        lines.append(
            "  loss_fn: your loss, or an answer that it calls, now computes something else "
            f"({describe_loss(there['loss_fn'])} there, {describe_loss(here['loss_fn'])} now)"
        )
    return lines


class RunFolder:
    """Reads and writes the files of one run."""

    def __init__(self, path: str | Path):
        self.path = Path(path)
        self._checkpoints = self.path / "checkpoints"

    def config(self) -> dict:
        """What config.json says. Raises RunError where it cannot be read."""
        try:
            config = json.loads((self.path / "config.json").read_text(encoding="utf-8"))
            if not (isinstance(config, dict) and isinstance(config.get("steps"), int)):
                raise ValueError("it is no configuration of a run")
            return config
        except (OSError, ValueError) as error:
            raise RunError(
                f"{self.path / 'config.json'} is missing or damaged. "
                f"Delete the folder {self.path} and train again, or choose another `out`."
            ) from error

    def demand_same(self, config: dict) -> None:
        """Raise ConfigChangedError, with every difference, where the folder's run has another config."""
        try:
            differences = _config_differences(self.config(), config)
        except (TypeError, KeyError, AttributeError, ValueError):
            differences = ["  config.json is not as this version of the lab writes it"]
        if differences:
            listed = "\n".join(differences)
            raise ConfigChangedError(
                f"{self.path} holds a run with other settings:\n{listed}\n"
                "Delete that folder to train anew, or give fit another `out`."
            )

    def checkpoint_of(self, config: dict) -> dict[str, Tensor] | None:
        """The newest checkpoint, None where there is none; ConfigChangedError where its config differs."""
        checkpoint = self.newest_checkpoint()
        if checkpoint is not None:
            self.demand_same(config)
        return checkpoint

    def newest_checkpoint(self) -> dict[str, Tensor] | None:
        """The tensors of the newest checkpoint that can be read, None where there is none.

        `losses` is always among them; its length is the number of steps done.
        """
        for file in sorted(self._checkpoints.glob("step-*.safetensors"), key=_step, reverse=True):
            try:
                tensors = load(file.read_bytes())  # load_file maps it, and Windows then lets nobody delete it
            except (SafetensorError, OSError):
                continue  # cut short, as a full disk or an interrupted copy leaves it
            if "losses" in tensors:
                return tensors
        return None

    def finished(self) -> dict[str, Tensor]:
        """The tensors of a run that was trained to its end. Raises RunError where there is none."""
        tensors = self.newest_checkpoint()
        if tensors is None:
            raise RunError(
                f"there is no finished training run in {self.path}. Run the cell that trains it first."
            )
        if len(tensors["losses"]) < (steps := self.config()["steps"]):
            raise RunError(
                f"the run in {self.path} stopped after step {len(tensors['losses'])} of {steps}. "
                "Run the cell that trains it again: it goes on from there."
            )
        return tensors

    @property
    def is_there(self) -> bool:
        """Whether a run was trained to its end, by its files' names alone: `finished` reads it."""
        try:
            return (self._checkpoints / f"step-{self.config()['steps']:06d}.safetensors").is_file()
        except RunError:
            return False

    def write_config(self, config: dict) -> None:
        """Begin a run. Raises RunError where the folder cannot be written."""
        self._write("config.json", json.dumps(config, indent=2).encode())

    def save(self, tensors: dict[str, Tensor], lrs: list[float]) -> None:
        """Write the curve, then a checkpoint; older checkpoints than the last two go.

        `tensors["losses"]` and `lrs` hold one number for each step done. The curve comes first, so that
        no checkpoint is ever ahead of it. Raises RunError where the folder cannot be written.
        """
        losses = tensors["losses"].tolist()
        rows = (
            f"{step},{loss:.9g},{lr:.9g}\n" for step, (loss, lr) in enumerate(zip(losses, lrs, strict=True))
        )
        self._write("metrics.csv", ("step,loss,lr\n" + "".join(rows)).encode())
        # Copies, because safetensors refuses tensors that share memory, as tied weights do.
        blob = save({name: x.detach().to("cpu", copy=True).contiguous() for name, x in tensors.items()})
        self._write(f"checkpoints/step-{len(losses):06d}.safetensors", blob)
        for file in sorted(self._checkpoints.glob("step-*.safetensors"), key=_step)[:-_KEPT]:
            file.unlink(missing_ok=True)

    def preview(self, step: int) -> Path:
        """Where the picture of what the network drew after `step` steps lies, or will lie."""
        return self.path / "samples" / f"step-{step:06d}.png"

    def save_preview(self, step: int, picture: Image) -> None:
        """Write that picture. Raises RunError where the folder cannot be written."""
        png = BytesIO()
        picture.save(png, "png")
        self._write(f"samples/{self.preview(step).name}", png.getvalue())

    def _write(self, name: str, content: bytes) -> None:
        """Replace a file atomically: readers, and a kill at any moment, see the old one or the new one."""
        path = self.path / name
        # One process writes a run. Without its number in the name, the next one overwrites what a kill left.
        temporary = path.with_name(f".{path.name}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(temporary, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except OSError as error:
            raise cannot_write(path, error) from error


def _step(file: Path) -> int:
    digits = file.stem.removeprefix("step-")
    return int(digits) if digits.isdecimal() else -1

"""Profiles: the sizes of Task 2's data, networks and trainings, fitted to a machine."""

import json
import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import torch

from labkit.atomic import write_atomically
from labkit.course.datasets import ANIMALS, TOY, Dataset
from labkit.data import ImageSet
from labkit.errors import CourseError
from labkit.networks import UNet
from labkit.training.recipe import Decay, Precision


@dataclass(frozen=True)
class Profile:
    """How large everything is. `fit`, `sample` and the data sets document what the numbers mean."""

    name: str
    dataset: Dataset
    image_size: int
    max_images_per_class: int
    network_preset: str
    num_train_timesteps: int
    steps: int
    batch_size: int
    lr: float
    warmup: int
    decay: Decay
    ema_decay: float
    grad_clip: float
    precision: Precision
    checkpoint_every: int
    preview_steps: int
    """So many timesteps a preview takes of all."""
    num_samples: int
    """So many faces lesson 08 draws."""

    @property
    def beta_range(self) -> tuple[float, float]:
        """The ends of the linear and the quad schedule: DDPM's for T = 1000, larger for fewer steps."""
        return 0.1 / self.num_train_timesteps, 20 / self.num_train_timesteps

    def network(self) -> UNet:
        """A new network, with weights from a seed of its own."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(63)
            return UNet.preset(self.network_preset, self.image_size, self.num_train_timesteps)

    def faces(self, split: str, download: bool = True) -> ImageSet:
        """The images of a split, "train" or "val"; raises CourseError where they cannot be had."""
        return self.dataset.images(split, self.image_size, self.max_images_per_class, download)

    def recipe(self) -> dict[str, Any]:
        """The arguments of `fit` that a profile decides."""
        names = ("steps", "batch_size", "lr", "warmup", "decay", "ema_decay", "grad_clip", "precision")
        return {name: getattr(self, name) for name in (*names, "checkpoint_every")}

    def __str__(self) -> str:
        rows = [(field.name, getattr(self, field.name)) for field in fields(self)]
        return "\n".join(f"{name:22} {value}" for name, value in rows)


_TOY: dict[str, Any] = dict(
    dataset=TOY, image_size=32, network_preset="toy", decay="cosine", grad_clip=1.0, precision="no",
)  # fmt: skip
_LAB: dict[str, Any] = dict(
    dataset=ANIMALS, image_size=64, max_images_per_class=3000, num_train_timesteps=1000, batch_size=16,
    lr=2e-4, warmup=200, decay="none", ema_decay=0.9995, grad_clip=1.0, precision="auto",
)  # fmt: skip

PROFILES = {
    profile.name: profile
    for profile in (
        # For CI: everything runs, nothing is good.
        Profile("smoke", max_images_per_class=60, num_train_timesteps=25, steps=40, batch_size=8, lr=1e-3,
                warmup=5, ema_decay=0.9, checkpoint_every=20, preview_steps=5, num_samples=60, **_TOY),
        # Faces in a few minutes a training, on two cores.
        Profile("cpu", max_images_per_class=1000, num_train_timesteps=100, steps=1900, batch_size=32,
                lr=3e-3, warmup=50, ema_decay=0.99, checkpoint_every=475, preview_steps=20,
                num_samples=500, **_TOY),
        # Photographs, with the original lab's 50,000 steps and a fifth of its network's arithmetic.
        Profile("gpu", network_preset="fast", steps=50_000, checkpoint_every=2000, preview_steps=50,
                num_samples=500, **_LAB),
    )
}  # fmt: skip


_KEPT = "profile.json"


def choose_profile(results: str | Path = "results") -> Profile:
    """The profile of the notebooks in this folder: what LABKIT_PROFILE says, what was chosen before, or what
    fits the machine: `gpu` where there is a CUDA device, else `cpu`.

    The choice is kept in `results`/profile.json, so that a submission is graded in the size it was made in.

    Raises CourseError where LABKIT_PROFILE or that file names no profile, or where the two differ and there
    are runs already.
    """
    path = Path(results) / _KEPT
    profile = profile_for(results)
    if profile.name != _name_in(path) and not _is_graded():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, lambda part: part.write_text(json.dumps({"profile": profile.name}), "utf-8"))
    return profile


def profile_for(results: str | Path) -> Profile:
    """The profile that `choose_profile` chooses; nothing is kept. Raises CourseError as it does."""
    path = Path(results) / _KEPT
    known, source = _name_in(path), "LABKIT_PROFILE"
    wanted = None if _is_graded() else os.environ.get("LABKIT_PROFILE")
    if not wanted:
        wanted, source = known, str(path)
    if wanted is None:
        wanted = "gpu" if torch.cuda.is_available() and not _is_graded() else "cpu"
    if wanted not in PROFILES:
        raise CourseError(f"{source} names the profile {wanted!r}; there is only: {', '.join(PROFILES)}.")
    if known is not None and wanted != known and any(path.parent.glob("predictor_*")):
        raise CourseError(
            f"The runs in {path.parent} were made in the profile {known!r}, and LABKIT_PROFILE asks for "
            f"{wanted!r}. Unset it, or move that folder away to begin anew."
        )
    return PROFILES[wanted]


def _is_graded() -> bool:
    return os.environ.get("LABKIT_TRAINING") == "off"


def kept_profile(results: Path) -> Profile | None:
    """The profile that was chosen for the runs in `results`, None where none was.

    Raises CourseError where what was kept is damaged, or names no profile of the course.
    """
    path = results / _KEPT
    name = _name_in(path)
    if name is not None and name not in PROFILES:
        raise CourseError(f"{_KEPT} names the profile {name[:50]!r}; there is only: {', '.join(PROFILES)}.")
    return None if name is None else PROFILES[name]


def _name_in(path: Path) -> str | None:
    try:
        if path.stat().st_size > 1000:
            raise ValueError("a name is not that long")
        return str(json.loads(path.read_text(encoding="utf-8"))["profile"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise CourseError(
            f"{path.parent.name}/{path.name} is damaged. Delete it, then run this cell again."
        ) from None

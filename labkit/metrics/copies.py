"""The training images nearest to samples, and samples that are copies of them.

The distance of two images is the root mean square difference of their pixels, in grey levels of 0 … 255.
A mirrored training image counts as a training image, because training shows the network both.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_NEIGHBOURS = 50
_SAMPLES, _TRAINING = 256, 1024  # how many at a time: 60 MB at 64 × 64


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The nearest training image of each of N samples."""

    indices: NDArray[np.int64]
    """[N]: which training image."""
    distances: NDArray[np.float32]
    """[N]: how far, in grey levels."""
    mirrored: NDArray[np.bool_]
    """[N]: whether it is the training image's mirror image that is near."""
    relative: NDArray[np.float32]
    """[N]: the distance over the mean distance to the 50 nearest; 1 where none of them stands out."""


@dataclass(frozen=True, eq=False)
class Copies:
    """Which samples are copies, and what that was decided by."""

    nearest: Neighbours
    threshold: float
    """The smallest distance of a fresh image to the training set."""
    relative_threshold: float
    """The smallest relative distance of a fresh image."""

    @property
    def copied(self) -> NDArray[np.bool_]:
        """[N]: nearer to a training image than any fresh image is, absolutely and relatively."""
        return (self.nearest.distances < self.threshold) & (self.nearest.relative < self.relative_threshold)


def nearest_training_images(samples: Tensor | NDArray, training: Tensor | NDArray) -> Neighbours:
    """The nearest of M training images to each of N samples, both uint8 [·, C, H, W].

    Takes the memory of a few hundred images beyond the arrays, which may be memory-mapped.
    Raises ValueError where the shapes do not fit.
    """
    if samples.ndim != 4 or training.ndim != 4 or samples.shape[1:] != training.shape[1:]:
        raise ValueError(
            f"expected [N, C, H, W] and [M, C, H, W], got {list(samples.shape)} and {list(training.shape)}"
        )
    if len(samples) == 0 or len(training) < 2:
        raise ValueError("expected at least one sample and two training images")
    parts = [
        _nearest(samples[start : start + _SAMPLES], training) for start in range(0, len(samples), _SAMPLES)
    ]
    return Neighbours(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def find_copies(samples: Tensor | NDArray, training: Tensor | NDArray, fresh: Tensor | NDArray) -> Copies:
    """Samples that lie nearer to the training images than fresh images of the data ever do.

    `fresh` [K, C, H, W] are images that the network was not trained on, val images for instance. A sample
    as fresh as they are is found guilty with a probability of at most 1 / (K + 1). Smooth samples are near
    to everything, therefore a copy must also be much nearer to one image than to the next ones (after
    Carlini et al., "Extracting training data from diffusion models", 2023).
    """
    reference = nearest_training_images(fresh, training)
    return Copies(
        nearest_training_images(samples, training),
        float(reference.distances.min()),
        float(reference.relative.min()),
    )


def _nearest(samples: Tensor | NDArray, training: Tensor | NDArray) -> tuple[NDArray, ...]:
    upright = _pixels(samples)
    both = torch.cat([upright.flatten(1), upright.flip(-1).flatten(1)])  # mirroring either image is the same
    norms = both.square().sum(dim=1, keepdim=True)
    squared, indices, mirrored = [], [], []
    for start in range(0, len(training), _TRAINING):
        images = _pixels(training[start : start + _TRAINING]).flatten(1)
        distances = norms - 2 * both @ images.T + images.square().sum(dim=1)
        distances, turned = distances.view(2, len(samples), len(images)).min(dim=0)
        best = distances.topk(min(_NEIGHBOURS, len(images)), largest=False)
        squared.append(best.values)
        indices.append(best.indices + start)
        mirrored.append(turned.gather(1, best.indices))
    best = torch.cat(squared, dim=1).topk(min(_NEIGHBOURS, len(training)), largest=False)
    index = torch.cat(indices, dim=1).gather(1, best.indices[:, :1])[:, 0]
    turned = torch.cat(mirrored, dim=1).gather(1, best.indices[:, :1])[:, 0].bool()
    # The expanded square above is rounded by some 0.1 grey levels: the nearest one exactly.
    chosen = torch.cat([_pixels(training[i : i + 1]) for i in index.tolist()])
    exact = torch.where(turned[:, None, None, None], upright.flip(-1), upright) - chosen
    distance = exact.square().mean(dim=(1, 2, 3)).sqrt()
    spread = (best.values.clamp(min=0) / chosen[0].numel()).sqrt()
    mean = (spread[:, 1:].sum(dim=1) + distance) / spread.shape[1]
    relative = torch.where(mean > 0, distance / mean, torch.ones_like(mean))
    return index.numpy(), distance.numpy(), turned.numpy(), relative.numpy()


def _pixels(images: Tensor | NDArray) -> Tensor:
    """float32 on the CPU, around 0 so that squares stay small."""
    return (
        torch.as_tensor(np.array(images) if isinstance(images, np.ndarray) else images).cpu().float() - 127.5
    )

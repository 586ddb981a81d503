"""Noise that belongs to an image, whatever batch the image is drawn in."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

aten = torch.ops.aten
_GAUSSIANS = {aten.randn, aten.randn_like, aten.normal, aten.normal_}


class NoisePerImage(TorchDispatchMode):
    """Inside this context, row i of a batch of Gaussian noise comes from a generator of image i's own.

    A step function draws for the whole batch at once, from torch's global generator, so its noise would be
    another one with another batch size. torch hands every operation to a dispatch mode; this one lets all
    pass, and fills anew what `randn`, `randn_like`, `normal` and `normal_` drew for a batch of as many rows
    as there are images. A draw of another shape, or with a generator of its own, stays as it is.

    Args:
        seed: a whole number ≥ 0.
        images: the index of each image of the batch; image i has the same noise for the same seed.
        device: where the noise is drawn. Another kind of device draws other noise.
    """

    def __init__(self, seed: int, images: Sequence[int], device: torch.device):
        super().__init__()
        keys = [np.random.SeedSequence([seed, image]).generate_state(1, np.uint64)[0] for image in images]
        self._generators = [torch.Generator(device).manual_seed(int(key)) for key in keys]

    def draw(self, *shape: int) -> Tensor:
        """The next standard Gaussian noise of the images: [number of images, *shape], float32."""
        device = self._generators[0].device
        return self._fill(torch.empty(len(self._generators), *shape, device=device))

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        drawn = func(*args, **(kwargs or {}))
        if func.overloadpacket not in _GAUSSIANS:
            return drawn
        names = (argument.name for argument in func._schema.arguments)
        given = dict(zip(names, args, strict=False)) | (kwargs or {})
        if given.get("generator") is not None or drawn.shape[:1] != (len(self._generators),):
            return drawn
        # Into memory of one layout, so that the order of the numbers does not depend on that of `drawn`.
        noise = self._fill(torch.empty_like(drawn, memory_format=torch.contiguous_format))
        return drawn.copy_(noise * given.get("std", 1.0) + given.get("mean", 0.0))

    def _fill(self, noise: Tensor) -> Tensor:
        for row, generator in zip(noise, self._generators, strict=True):
            row.normal_(generator=generator)
        return noise

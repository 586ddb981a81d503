"""What all sets of images have in common."""

from collections.abc import Sequence

import torch
from torch import Tensor


class ImageSet(Sequence[tuple[Tensor, int]]):
    """Images of one size with labels, as one array.

    `images` uint8 [N, 3, H, W] in 0 … 255, `labels` int64 [N] into `classes`. `len(images)`, and
    `images[i]` → (uint8 [3, H, W], label).
    """

    def __init__(self, images: Tensor, labels: Tensor, classes: Sequence[str]):
        self.images, self.labels, self.classes = images, labels, tuple(classes)

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:  # type: ignore[override]  # no slices
        return self.images[index], int(self.labels[index])

    def to(self, device: torch.device | str) -> "ImageSet":
        """The same images in the memory of `device`; on a GPU batches are gathered there."""
        return ImageSet(self.images.to(device), self.labels.to(device), self.classes)

    def mixed(self) -> "ImageSet":
        """The same images in an order, always the same, in which any part of them is a sample of all."""
        order = torch.randperm(len(self), generator=torch.Generator().manual_seed(0))
        return ImageSet(self.images[order], self.labels[order], self.classes)

    def counts(self) -> dict[str, int]:
        """The number of images of each class."""
        return {name: int((self.labels == label).sum()) for label, name in enumerate(self.classes)}

    def __repr__(self) -> str:
        counts = ", ".join(f"{name} {count}" for name, count in self.counts().items())
        height, width = self.images.shape[2:]
        return f"<{type(self).__name__}: {len(self):,} images of {height}×{width}: {counts}>"

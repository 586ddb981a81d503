"""Images to measure: random coloured blobs."""

from pathlib import Path

import numpy as np
from PIL import Image


def smooth_images(n: int, size: int, seed: int) -> np.ndarray:
    """Random coloured blobs, uint8 [n, 3, size, size]."""
    coarse = np.random.default_rng(seed).integers(0, 256, (n, 4, 4, 3), dtype=np.uint8)
    large = [
        np.asarray(Image.fromarray(image).resize((size, size), Image.Resampling.BICUBIC)) for image in coarse
    ]
    return np.stack(large).transpose(0, 3, 1, 2)


def save_images(images: np.ndarray, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for index, image in enumerate(images):
        Image.fromarray(image.transpose(1, 2, 0)).save(folder / f"{index:03d}.png")
    return folder

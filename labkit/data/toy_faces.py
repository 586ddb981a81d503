"""Toy animal faces: cats, dogs and wild animals, drawn from a seed in seconds, without a download."""

from collections.abc import Iterator

import numpy as np
import torch

from labkit.data.cache import cached_array, data_folder
from labkit.data.images import ImageSet
from labkit.data.toy_animals import NUM_DRAWS, draw
from labkit.progress import progress

CLASSES = ("cat", "dog", "wild")
VERSION = 3
"""Goes up when a face looks different, so that nobody trains on a cache of old ones."""
SPLITS = ("train", "val")
_DEFAULT_N = {"train": 3000, "val": 1500}
_CHUNK = 120
"""Faces are drawn in whole chunks, always the same ones: rounding must not depend on `n` either."""


class ToyFaces(ImageSet):
    """`n` procedural faces of `size` × `size`, in turn cat, dog, wild; AFHQ's classes and splits.

    Face i depends on (split, seed, i) alone, not on `n`; no face of one split comes back in the other.
    They are drawn at the first call (about 1 ms a face at 32 × 32) and kept in the data folder.
    """

    def __init__(self, split: str = "train", size: int = 32, n: int | None = None, seed: int = 0):
        if split not in SPLITS:
            raise ValueError(f"there is no split {split!r}; choose one of {', '.join(SPLITS)}")
        n = _DEFAULT_N[split] if n is None else n
        if size < 8 or n < 1 or seed < 0:
            raise ValueError(f"need size ≥ 8, n ≥ 1 and seed ≥ 0, got size {size}, n {n}, seed {seed}")
        self.split, self.seed = split, seed
        self.path = data_folder() / "toy_faces" / f"v{VERSION}_{split}_{size}px_{n}_seed{seed}.npy"

        def chunks() -> Iterator[np.ndarray]:
            with progress(total=n, desc=f"Drawing toy faces ({split})", unit="face") as bar:
                for start in range(0, n, _CHUNK):
                    yield (faces := _faces(split, size, seed, start)[: n - start])
                    bar.update(len(faces))

        images = cached_array(self.path, (n, 3, size, size), chunks)
        super().__init__(images, torch.arange(n) % len(CLASSES), CLASSES)


def _faces(split: str, size: int, seed: int, start: int) -> np.ndarray:
    """The chunk of faces from index `start` on: uint8 [_CHUNK, 3, size, size]."""
    indices = np.arange(start, start + _CHUNK)
    draws = np.stack(
        [np.random.default_rng([seed, SPLITS.index(split), int(i)]).random(NUM_DRAWS) for i in indices]
    )
    faces = np.empty((_CHUNK, 3, size, size), np.uint8)
    for label, name in enumerate(CLASSES):
        ours = indices % len(CLASSES) == label
        faces[ours] = draw(name, torch.from_numpy(draws[ours]).float(), size).numpy()
    return faces

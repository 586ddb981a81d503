"""Features of images, batch by batch; those of a reference set are kept on disk."""

import hashlib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save
from torch import Tensor

from labkit.atomic import write_atomically
from labkit.data import data_folder
from labkit.errors import CourseError
from labkit.metrics.images import Images
from labkit.progress import progress

Extractor: TypeAlias = Callable[[Tensor], Tensor]
"""uint8 images [B, 3, H, W] → features [B, D]. It may say more about itself in three attributes:

`measure`   what a Fréchet distance of its features is called; "FID" is kept for verified Inception weights
`features`  what the features are, in a few words
`key`       what tells it from every other extractor, its weights' hash for example; without one, nothing is
            kept on disk
"""


class FeatureError(CourseError):
    """An extractor that gives something other than a finite [B, D]."""


def extract(images: Images, extractor: Extractor, batch_size: int = 50) -> NDArray[np.float32]:
    """The features of all images, float32 [N, D], with a progress bar.

    Raises FeatureError where the extractor's answer is of another shape, or NaN or infinite.
    """
    parts = []
    with torch.inference_mode(), progress(total=len(images), unit=" images") as bar:
        for batch in images.batches(batch_size):
            features = extractor(batch)
            if features.ndim != 2 or len(features) != len(batch):
                raise FeatureError(
                    f"The extractor gave {list(features.shape)} for {len(batch)} images; "
                    "expected [B, D], one row of features for each."
                )
            if not features.isfinite().all():
                raise FeatureError("The extractor gave a feature that is NaN or infinite.")
            parts.append(features.float().cpu().numpy())
            bar.update(len(batch))
    return np.concatenate(parts)


def cached_extract(
    images: Images, extractor: Extractor, batch_size: int = 50, cache: Path | None = None
) -> NDArray[np.float32]:
    """As `extract`, but computed once for each content, number of images and extractor.

    `cache` is a folder; in the data folder where None. A damaged file is replaced, and where nothing
    can be written a warning says so.
    """
    key = getattr(extractor, "key", None)
    if key is None:
        return extract(images, extractor, batch_size)
    folder = cache or data_folder() / "features"
    identity = f"{images.content_hash()} {len(images)} {key}"
    path = folder / f"{hashlib.sha256(identity.encode()).hexdigest()}.safetensors"
    try:
        features = load_file(path)["features"]
        if features.ndim == 2 and len(features) == len(images) and np.isfinite(features).all():
            return features
    except (OSError, SafetensorError, KeyError):
        pass  # not there yet, or cut short
    features = extract(images, extractor, batch_size)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        content = save({"features": features}, {"extractor": key, "n": str(len(images))})
        write_atomically(path, lambda part: part.write_bytes(content))
    except OSError as error:
        warnings.warn(f"The features were not kept in {folder} ({error.strerror or error}).", stacklevel=2)
    return features

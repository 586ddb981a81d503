"""pytorch-fid's Inception network: the 2,048 features behind the numbers that are called FID.

Its network, its weights and its preprocessing, so that a FID from here is one from `python -m pytorch_fid`:
images are resized to 299 × 299 bilinearly and *without* antialiasing, whatever their size, and scaled to
[-1, 1]. (Other implementations resize otherwise, and their numbers differ.)
"""

import hashlib
import io
import pickle
import struct
import warnings
from pathlib import Path

import torch
from pytorch_fid.inception import (
    FID_WEIGHTS_URL,
    FIDInceptionA,
    FIDInceptionC,
    FIDInceptionE_1,
    FIDInceptionE_2,
)
from torch import Tensor, nn
from torchvision.models import Inception3

from labkit.errors import CourseError

WEIGHTS_NAME = FID_WEIGHTS_URL.rpartition("/")[2]
HASH_PREFIX = WEIGHTS_NAME.removesuffix(".pth").rpartition("-")[2]
"""6726825d: how the SHA-256 of the true weights begins."""

_UNREADABLE = (
    pickle.UnpicklingError,
    struct.error,
    AssertionError,
    EOFError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What torch.load and load_state_dict raise on bytes that are something else."""


class WeightsError(CourseError):
    """Inception weights that cannot be had, or a file that is none."""


class Inception:
    """An extractor: uint8 [B, 3, H, W] → the pool3 features, float32 [B, 2048] on the CPU."""

    def __init__(self, weights: str | Path | None = None, device: torch.device | str | None = None):
        """`weights`: pytorch-fid's file; where None it is sought where torch.hub keeps such files
        (`TORCH_HOME`), and downloaded once. `device`: the first GPU, else the CPU, where None.

        Weights other than the published ones work, but what is measured on them is never called FID.
        Raises WeightsError where the file is missing or damaged or the download fails.
        """
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        path = Path(weights) if weights is not None else _find_weights()
        content = _read(path)
        sha256 = hashlib.sha256(content).hexdigest()
        self.verified = sha256.startswith(HASH_PREFIX)
        self.measure = "FID" if self.verified else "Fréchet distance on unverified Inception weights"
        self.features = f"Inception-v3 pool3, {'' if self.verified else 'unverified '}weights {sha256[:8]}"
        self.key = f"inception-pool3-bilinear-{sha256}"
        network = inception_network()
        try:
            network.load_state_dict(torch.load(io.BytesIO(content), map_location="cpu", weights_only=True))
        except _UNREADABLE as error:
            raise WeightsError(
                f"{path} does not hold pytorch-fid's Inception weights, or is cut short. Delete it and run "
                f"again to download it, or give the path of a right copy of {WEIGHTS_NAME}."
            ) from error
        network.fc = nn.Identity()
        # channels_last takes a third less time on a CPU.
        self._network = (
            network.eval().requires_grad_(False).to(self.device, memory_format=torch.channels_last)
        )

    @torch.inference_mode()
    def __call__(self, images: Tensor) -> Tensor:
        x = images.to(self.device).float() / 255
        x = nn.functional.interpolate(x, size=(299, 299), mode="bilinear", align_corners=False)
        x = (2 * x - 1).contiguous(memory_format=torch.channels_last)
        return self._network(x).cpu()


def inception_network() -> Inception3:
    """The network without its weights: torchvision's, with the blocks that pytorch-fid patches."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # about init_weights, in older torchvision
        network = Inception3(num_classes=1008, aux_logits=False, init_weights=False)
    network.Mixed_5b = FIDInceptionA(192, pool_features=32)
    network.Mixed_5c = FIDInceptionA(256, pool_features=64)
    network.Mixed_5d = FIDInceptionA(288, pool_features=64)
    network.Mixed_6b = FIDInceptionC(768, channels_7x7=128)
    network.Mixed_6c = FIDInceptionC(768, channels_7x7=160)
    network.Mixed_6d = FIDInceptionC(768, channels_7x7=160)
    network.Mixed_6e = FIDInceptionC(768, channels_7x7=192)
    network.Mixed_7b = FIDInceptionE_1(1280)
    network.Mixed_7c = FIDInceptionE_2(2048)
    return network


def _find_weights() -> Path:
    """The file in torch.hub's folder, downloaded where it is not there."""
    path = Path(torch.hub.get_dir()) / "checkpoints" / WEIGHTS_NAME
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # It writes beside the file and renames at the end, when the hash is right.
        torch.hub.download_url_to_file(FID_WEIGHTS_URL, str(path), hash_prefix=HASH_PREFIX, progress=True)
    except (OSError, RuntimeError) as error:
        raise WeightsError(
            f"The Inception weights could not be downloaded ({error}). Download {FID_WEIGHTS_URL} elsewhere, "
            f"and put it at {path} or give its path."
        ) from error
    return path


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WeightsError(f"{path} cannot be read ({error.strerror}). Check the path.") from error

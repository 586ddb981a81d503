"""A small classifier of the toy faces: for the toy Fréchet distance, and to say whether a sample is a face.

It knows a fourth answer, "no face", and was trained to give it to noise, blur, mixtures and distorted faces
(`python -m labkit.metrics.train_toy_classifier` makes its weights again). So more than 0.9 for a class
means something, where a classifier of three classes alone is sure of anything. It gives more than 0.9 to
98.8 % of the val faces, to 97 % of those blurred by 0.8 pixels, 14 % by 1.3, none by 2, and to no noise.
"""

import hashlib
from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

CLASSES = ("cat", "dog", "wild", "no face")
FEATURES = 64
SIZE = 32
WEIGHTS = Path(__file__).with_name("toy_classifier.safetensors")
_BATCH = 500


class ToyClassifier(nn.Module):
    """Four convolutions, each followed by group norm and SiLU; the mean over the pixels; one linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            _convolution(3, 32, kernel=5),  # [B, 32, 16, 16]
            _convolution(32, 40),
            _convolution(40, 56),
            _convolution(56, FEATURES, stride=1),  # [B, FEATURES, 4, 4]
        )
        self.head = nn.Linear(FEATURES, len(CLASSES))

    def embed(self, x: Tensor) -> Tensor:
        """`x` [B, 3, 32, 32] in [−1, 1] → [B, FEATURES]."""
        return self.convolutions(x).mean(dim=(2, 3))

    def forward(self, x: Tensor) -> Tensor:
        """`x` [B, 3, 32, 32] in [−1, 1] → logits [B, 4], in the order of CLASSES."""
        return self.head(self.embed(x))

    @torch.inference_mode()
    def features(self, images: Tensor) -> Tensor:
        """Images uint8 [B, 3, H, W] → float32 [B, FEATURES]; other sizes than 32 × 32 are scaled to it."""
        chunks = images.split(_BATCH)
        return torch.cat([self.embed(_prepared(chunk, self.head.weight.device)) for chunk in chunks])

    @torch.inference_mode()
    def probabilities(self, images: Tensor) -> Tensor:
        """Images uint8 [B, 3, H, W] → float32 [B, 4]: how sure it is of each of CLASSES."""
        return self.head(self.features(images)).softmax(dim=1)


def _convolution(c_in: int, c_out: int, kernel: int = 3, stride: int = 2) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(c_in, c_out, kernel, stride, kernel // 2), nn.GroupNorm(8, c_out), nn.SiLU()
    )


@cache
def toy_classifier() -> ToyClassifier:
    """The classifier that the course ships, on the CPU."""
    classifier = ToyClassifier()
    classifier.load_state_dict(load_file(WEIGHTS))
    return classifier.eval().requires_grad_(False)


class ToyFeatures:
    """An extractor for `labkit.metrics.fid`: on these features it is a toy Fréchet distance."""

    measure = "toy Fréchet distance"
    features = f"{FEATURES} features of the toy faces' classifier"

    def __init__(self) -> None:
        self.key = f"toy-classifier-{hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()}"

    def __call__(self, images: Tensor) -> Tensor:
        """uint8 [B, 3, H, W] → float32 [B, FEATURES]."""
        return toy_classifier().features(images)


def _prepared(images: Tensor, device: torch.device) -> Tensor:
    """Images uint8 [B, 3, H, W] as float32 [B, 3, 32, 32] in [−1, 1]; ValueError for anything else."""
    if images.dtype != torch.uint8 or images.ndim != 4 or images.shape[1] != 3:
        raise ValueError(f"expected uint8 [B, 3, H, W], got {images.dtype} {list(images.shape)}")
    x = images.to(device).float() / 127.5 - 1
    if x.shape[2:] != (SIZE, SIZE):
        x = F.interpolate(x, (SIZE, SIZE), mode="bilinear", antialias=True)
    return x

"""Makes labkit/metrics/toy_classifier.safetensors: `python -m labkit.metrics.train_toy_classifier` (minutes).

Half of each batch are toy faces, hardly changed; the other half are no faces any more. What lies between
the two (a little blurred, a little distorted) is shown as neither, and so left to the classifier.
"""

import math

import torch
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional as F
from torchvision.transforms.functional import gaussian_blur
from tqdm import tqdm

from labkit.data import ToyFaces
from labkit.metrics.toy_classifier import CLASSES, SIZE, WEIGHTS, ToyClassifier

STEPS = 2500
_HALF = 72
_LABEL_SMOOTHING = 0.02
_ODDS_OF_A_FACE = 3


def train(steps: int = STEPS, num_faces: int = 6000, seed: int = 0) -> ToyClassifier:
    """A classifier trained from `seed`, on faces that the lessons do not use (their seed is 0)."""
    torch.manual_seed(seed)
    faces = ToyFaces("train", SIZE, n=num_faces, seed=1)
    data = faces.images.float() / 127.5 - 1
    classifier = ToyClassifier()
    optimizer = torch.optim.AdamW(classifier.parameters(), lr=3e-3, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    no_face = torch.full((_HALF,), CLASSES.index("no face"))
    with tqdm(range(steps)) as bar:
        for _ in bar:
            chosen, spoilt = torch.randint(len(data), (2, _HALF))
            x = torch.cat([slightly_changed(data[chosen]), no_longer_faces(slightly_changed(data[spoilt]))])
            labels = torch.cat([faces.labels[chosen], no_face])
            loss = F.cross_entropy(classifier(x.clamp(-1, 1)), labels, label_smoothing=_LABEL_SMOOTHING)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            bar.set_postfix(loss=f"{loss.item():.3f}", refresh=False)
    with torch.no_grad():  # Bayes: shown with odds of 1 : 1, used where faces are the rule
        classifier.head.bias[CLASSES.index("no face")] -= math.log(_ODDS_OF_A_FACE)
    return classifier.eval()


def slightly_changed(faces: Tensor) -> Tensor:
    """Faces [B, 3, H, W] in [−1, 1] that still are faces; most a little pulled, blurred and noisy."""
    B = len(faces)
    faces = torch.where(torch.rand(B, 1, 1, 1) < 0.5, faces.flip(3), faces)
    faces = faces * (1 + 0.1 * torch.randn(B, 1, 1, 1)) + 0.08 * torch.randn(B, 3, 1, 1)
    changed = distorted(faces, 0.8 * torch.rand(B))
    changed = torch.cat([_blurred(part, 0.2, 0.7) for part in changed.chunk(4)])
    changed = changed + 0.07 * torch.rand(B, 1, 1, 1) * torch.randn_like(faces)
    # Some stay as crisp as they were drawn: sharpness must not give away which half an image is from.
    return torch.where(torch.rand(B, 1, 1, 1) < 0.4, faces, changed)


def no_longer_faces(faces: Tensor) -> Tensor:
    """As many images [B, 3, H, W] as `faces`, a ninth of them spoilt in each way."""
    others = faces.roll(1, dims=0)
    parts = list(zip(faces.chunk(9), others.chunk(9), strict=True))
    ways = (
        lambda x, _: noise(x),
        lambda x, _: _blurred(x, 1.6, 6.0),
        lambda x, _: x + (0.35 + torch.rand(len(x), 1, 1, 1)) * torch.randn_like(x),
        lambda x, _: phase_scrambled(x),
        lambda x, y: torch.lerp(x, y, 0.35 + 0.3 * torch.rand(len(x), 1, 1, 1)),
        _in_halves,
        lambda x, _: _shuffled(x),
        lambda x, _: distorted(x, 2 + 4 * torch.rand(len(x))),
        lambda x, _: _blurred(distorted(x, 2 + 4 * torch.rand(len(x))), 0.4, 1.4),
    )
    return torch.cat([way(x, y) for way, (x, y) in zip(ways, parts, strict=True)])


def noise(like: Tensor) -> Tensor:
    """Noise of any coarseness, contrast and color, in the shape of `like`."""
    B, C, H, W = like.shape
    coarse = int(2 ** torch.randint(2, 6, ()))
    grid = F.interpolate(torch.randn(B, C, coarse, coarse), (H, W), mode="bicubic", align_corners=False)
    return grid * torch.rand(B, 1, 1, 1) + 0.4 * torch.randn(B, C, 1, 1)


def phase_scrambled(images: Tensor) -> Tensor:
    """The images' spectra with the phases of noise: their colors and textures, no shapes."""
    phase = torch.fft.rfft2(torch.randn_like(images[:, :1])).angle()
    mean = images.mean(dim=(2, 3), keepdim=True)
    return torch.fft.irfft2(torch.fft.rfft2(images - mean) * torch.exp(1j * phase), s=images.shape[2:]) + mean


def distorted(images: Tensor, pixels: Tensor) -> Tensor:
    """The images pulled about smoothly, each by so many `pixels` [B] in the mean square."""
    B, _, H, W = images.shape
    knots = int(torch.randint(4, 9, ()))
    pull = F.interpolate(torch.randn(B, 2, knots, knots), (H, W), mode="bicubic", align_corners=False)
    straight = F.affine_grid(torch.eye(2, 3).expand(B, 2, 3), [B, 3, H, W], align_corners=False)
    pull = pull.permute(0, 2, 3, 1) * (pixels * 2 / W)[:, None, None, None]
    return F.grid_sample(images, straight + pull, padding_mode="reflection", align_corners=False)


def _blurred(images: Tensor, low: float, high: float) -> Tensor:
    """All blurred by one Gaussian, its standard deviation between `low` and `high` pixels."""
    sigma = low + (high - low) * torch.rand(()).item()
    return gaussian_blur(images, 2 * min(round(3 * sigma), SIZE // 2 - 1) + 1, sigma)


def _in_halves(images: Tensor, others: Tensor) -> Tensor:
    """One half of each image from another, cut down the middle or across."""
    ramp = torch.arange(images.shape[3]) < images.shape[3] // 2
    across = torch.rand(len(images), 1, 1, 1) < 0.5
    return torch.where(torch.where(across, ramp[:, None], ramp[None, :]), images, others)


def _shuffled(images: Tensor) -> Tensor:
    """The sixteen squares of each image in another order."""
    H, W = images.shape[2:]
    squares = F.unfold(images, H // 4, stride=H // 4)  # [B, C·64, 16]
    return F.fold(squares[:, :, torch.randperm(16)], (H, W), H // 4, stride=H // 4)


if __name__ == "__main__":
    save_file(train().state_dict(), WEIGHTS)
    print(f"wrote {WEIGHTS}, {WEIGHTS.stat().st_size / 1000:.0f} kB")

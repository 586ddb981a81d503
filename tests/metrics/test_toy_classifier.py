"""The classifier of the toy faces is sure of faces, and of nothing else."""

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torchvision.transforms.functional import gaussian_blur

from labkit.data import ToyFaces
from labkit.metrics.toy_classifier import CLASSES, FEATURES, WEIGHTS, toy_classifier
from labkit.metrics.train_toy_classifier import phase_scrambled, train


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> ToyFaces:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABKIT_DATA", str(tmp_path_factory.mktemp("data")))
        return ToyFaces("val", n=900)


def sure(images: Tensor) -> float:
    """The share of images that the classifier gives more than 0.9 for cat, dog or wild."""
    return (toy_classifier().probabilities(images)[:, :3].amax(dim=1) > 0.9).float().mean().item()


def as_bytes(x: Tensor) -> Tensor:
    return ((x.clamp(-1, 1) + 1) * 127.5).round().byte()


def as_floats(faces: ToyFaces) -> Tensor:
    return faces.images.float() / 127.5 - 1


def test_it_is_sure_of_faces_that_it_never_saw(faces: ToyFaces) -> None:
    probabilities = toy_classifier().probabilities(faces.images)
    assert probabilities.shape == (900, len(CLASSES)) and faces.classes == CLASSES[:3]
    right = (probabilities.argmax(dim=1) == faces.labels) & (probabilities.amax(dim=1) > 0.9)
    assert right.float().mean() >= 0.98


def test_it_is_not_sure_of_noise() -> None:
    generator = torch.Generator().manual_seed(0)
    uniform = torch.randint(256, (500, 3, 32, 32), dtype=torch.uint8, generator=generator)
    gaussian = as_bytes(0.5 * torch.randn(500, 3, 32, 32, generator=generator))
    assert sure(uniform) <= 0.01 and sure(gaussian) <= 0.01


@pytest.mark.parametrize("sigma", [2.0, 3.0, 5.0])
def test_it_is_not_sure_of_blurred_faces(faces: ToyFaces, sigma: float) -> None:
    assert sure(as_bytes(gaussian_blur(as_floats(faces), 31, sigma))) <= 0.02


def test_it_is_not_sure_of_scrambled_or_averaged_faces(faces: ToyFaces) -> None:
    torch.manual_seed(0)
    assert sure(as_bytes(phase_scrambled(as_floats(faces)))) <= 0.01
    assert sure(as_bytes(as_floats(faces).reshape(-1, 3, 3, 32, 32).mean(dim=1))) <= 0.1


def test_a_flat_image_is_no_face() -> None:
    assert sure(torch.tensor([0, 90, 255], dtype=torch.uint8)[:, None, None, None].expand(3, 3, 32, 32)) == 0


def test_features_tell_good_images_from_bad_ones(faces: ToyFaces) -> None:
    """The means of two halves lie closer together than those of faces and slightly spoilt faces."""
    features = toy_classifier().features(faces.images)
    assert features.shape == (900, FEATURES) and features.dtype == torch.float32
    spoilt = toy_classifier().features(as_bytes(gaussian_blur(as_floats(faces), 7, 1.0)))

    def gap(a: Tensor, b: Tensor) -> Tensor:
        return (a.mean(dim=0) - b.mean(dim=0)).square().sum()

    assert gap(features, spoilt) > 10 * gap(features[:450], features[450:])


def test_other_sizes_are_scaled(faces: ToyFaces, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_DATA", str(tmp_path))
    assert sure(ToyFaces("val", size=64, n=120).images) > 0.9


@pytest.mark.parametrize("wrong", [torch.zeros(2, 3, 32, 32), torch.zeros(3, 32, 32, dtype=torch.uint8)])
def test_other_images_are_refused(wrong: Tensor) -> None:
    with pytest.raises(ValueError, match="uint8"):
        toy_classifier().features(wrong)


def test_the_weights_are_small_and_the_script_makes_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert WEIGHTS.stat().st_size <= 300_000
    monkeypatch.setenv("LABKIT_DATA", str(tmp_path))
    state = torch.random.get_rng_state()
    once, again = (train(steps=3, num_faces=120).state_dict() for _ in range(2))
    assert {name: x.shape for name, x in once.items()} == {
        name: x.shape for name, x in toy_classifier().state_dict().items()
    }
    assert all(torch.equal(x, again[name]) for name, x in once.items()), "training is seeded"
    torch.random.set_rng_state(state)

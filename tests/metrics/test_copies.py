"""Nearest training images, and copies."""

import numpy as np
import pytest
import torch
from blobs import smooth_images

from labkit.metrics import find_copies, nearest_training_images


def noisy(images: np.ndarray, spread: float, seed: int = 0) -> np.ndarray:
    noise = spread * np.random.default_rng(seed).standard_normal(images.shape)
    return (images + noise).round().clip(0, 255).astype(np.uint8)


def test_the_nearest_by_hand_over_many_parts() -> None:
    training, samples = smooth_images(1100, 6, 0), smooth_images(260, 6, 1)
    found = nearest_training_images(samples, torch.from_numpy(training))
    x, y = samples.astype(float), training.astype(float)
    distances = np.stack(
        [np.sqrt(np.square(turned[:, None] - y[None]).mean(axis=(2, 3, 4))) for turned in (x, x[..., ::-1])]
    )
    best = distances.min(axis=0)
    np.testing.assert_array_equal(found.indices, best.argmin(axis=1))
    np.testing.assert_allclose(found.distances, best.min(axis=1), rtol=1e-5)
    chosen = distances[:, np.arange(260), found.indices]
    np.testing.assert_array_equal(found.mirrored, chosen[1] < chosen[0])
    nearest = np.sort(best, axis=1)[:, :50]
    np.testing.assert_allclose(found.relative, nearest[:, 0] / nearest.mean(axis=1), rtol=1e-4)


def test_copies_are_found_and_fresh_images_are_not() -> None:
    training, fresh, more = (smooth_images(n, 16, seed) for n, seed in ((400, 0), (200, 1), (100, 2)))
    samples = np.concatenate([training[:5], training[5:10, :, :, ::-1], noisy(training[10:15], 8), more])
    found = find_copies(samples, training, fresh)
    assert found.copied[:15].all()
    assert found.copied[15:].sum() <= 4  # the expected number is under 100/201
    np.testing.assert_array_equal(found.nearest.indices[:15], np.arange(15))
    assert (found.nearest.distances[:10] == 0).all()
    assert found.nearest.mirrored[5:10].all() and not found.nearest.mirrored[:5].any()


def test_smooth_samples_are_near_to_everything_and_no_copies() -> None:
    training, fresh = (noisy(smooth_images(n, 16, n), 40, n) for n in (300, 100))
    samples = smooth_images(40, 16, 7)
    samples = (0.2 * samples + 0.8 * samples.mean(axis=(2, 3), keepdims=True)).astype(np.uint8)
    found = find_copies(samples, training, fresh)
    assert (found.nearest.distances < found.threshold).mean() > 0.1, "or this test shows nothing"
    assert not found.copied.any()


def test_an_image_that_the_training_set_holds_twice_can_still_be_copied() -> None:
    training = smooth_images(200, 16, 0)
    training[1] = training[0]
    assert find_copies(training[:1], training, smooth_images(100, 16, 1)).copied.all()


@pytest.mark.parametrize("shape", [(4, 3, 8), (4, 3, 8, 9), (0, 3, 8, 8)])
def test_shapes_that_do_not_fit_are_named(shape) -> None:
    with pytest.raises(ValueError, match="expected"):
        nearest_training_images(np.zeros(shape, np.uint8), np.zeros((5, 3, 8, 8), np.uint8))

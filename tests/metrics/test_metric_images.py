"""Images for the metrics, and all the ways in which there are none."""

from pathlib import Path

import numpy as np
import pytest
import torch
from blobs import save_images, smooth_images
from PIL import Image

from labkit.errors import CourseError
from labkit.metrics.frechet import Gaussian
from labkit.metrics.images import ImageArray, ImageError, ImageFiles, open_images


def together(images) -> torch.Tensor:
    return torch.cat(list(images.batches(4)))


def test_a_folder_and_an_array_give_the_same_images(tmp_path: Path) -> None:
    pixels = smooth_images(10, 16, 0)
    folder = open_images(save_images(pixels, tmp_path / "images"))
    np.savez(tmp_path / "images.npz", images=pixels)
    for images in (folder, open_images(tmp_path / "images.npz"), ImageArray(torch.from_numpy(pixels))):
        assert len(images) == 10
        assert together(images).numpy().tobytes() == pixels.tobytes()


def test_afhqs_layout_and_a_flat_folder(tmp_path: Path) -> None:
    for seed, kind in enumerate(("cat", "dog", "wild")):
        save_images(smooth_images(3, 8, seed), tmp_path / "val" / kind)
    assert len(open_images(tmp_path / "val")) == 9
    (tmp_path / "val" / "list.txt").write_text("not an image")
    save_images(smooth_images(10, 8, 9), tmp_path / "val")
    with pytest.warns(UserWarning, match=r"9 pictures were left out, not in the folder itself: cat/000\.png"):
        assert len(open_images(tmp_path / "val")) == 10, "the more of the two"


def test_images_of_several_sizes_and_kinds(tmp_path: Path) -> None:
    Image.new("L", (8, 6), 200).save(tmp_path / "a.PNG")
    Image.new("RGBA", (8, 6), (1, 2, 3, 0)).save(tmp_path / "b.png")
    Image.new("RGB", (5, 5)).save(tmp_path / "c.jpg")
    batches = list(open_images(tmp_path).batches(50))
    assert [tuple(batch.shape) for batch in batches] == [(2, 3, 6, 8), (1, 3, 5, 5)]
    assert batches[0][0].eq(200).all() and batches[0][1, :, 0, 0].tolist() == [255, 255, 255]


def test_statistics_as_pytorch_fid_writes_them(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "stats.npz", mu=np.arange(3.0), sigma=np.diag([1.0, 2, 3]))
    gaussian = open_images(tmp_path / "stats.npz")
    assert isinstance(gaussian, Gaussian) and gaussian.n is None
    np.testing.assert_allclose(gaussian.covariance, np.diag([1, 2, 3]))
    np.savez(tmp_path / "more.npz", mu=np.arange(3.0), sigma=np.eye(3), n=500)
    assert open_images(tmp_path / "more.npz").n == 500


def test_the_hash_tells_contents_apart_and_not_names(tmp_path: Path) -> None:
    pixels = smooth_images(3, 8, 0)
    one, same = (ImageFiles(save_images(pixels, tmp_path / name)) for name in "ab")
    other = ImageFiles(save_images(255 - pixels, tmp_path / "c"))
    assert one.content_hash() == same.content_hash() != other.content_hash()
    arrays = [pixels, pixels.copy(), 255 - pixels, pixels[:2], pixels.reshape(3, 3, 16, 4)]
    hashes = [ImageArray(array).content_hash() for array in arrays]
    assert hashes[0] == hashes[1] and len(set(hashes)) == 4


def array_under_a_false_name(path: Path) -> None:
    np.save(path.with_suffix(".npy"), np.zeros(3))
    path.with_suffix(".npy").rename(path)


def saved(**arrays):
    return lambda path: np.savez(path, **arrays)


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda path: None, "There is no"),
        (lambda path: path.mkdir(), "Found 0 images"),
        (lambda path: save_images(smooth_images(1, 8, 0), path), "Found 1 images"),
        (lambda path: path.write_bytes(b""), "cannot be read as a .npz"),
        (lambda path: path.write_bytes(b"PK\x03\x04 cut short"), "cannot be read as a .npz"),
        (array_under_a_false_name, "cannot be read as a .npz"),
        (saved(images=np.array([{}])), "cannot be read as a .npz"),
        (saved(pictures=np.zeros(3)), "neither `images` nor"),
        (saved(images=np.zeros((4, 8, 8, 3), np.uint8)), "uint8 [N, 3, H, W], got"),
        (saved(images=np.zeros((4, 3, 8, 8))), "uint8 [N, 3, H, W], got float64"),
        (saved(images=np.zeros((1, 3, 8, 8), np.uint8)), "Found 1 images"),
        (saved(images=np.zeros((4, 3, 0, 8), np.uint8)), "at least 2 expected"),
        (saved(mu=np.zeros(3), sigma=np.zeros((2, 2))), "mean"),
        (saved(mu=np.zeros(2), sigma=-np.eye(2)), "negative eigenvalues"),
        (saved(mu=np.zeros(2), sigma=np.eye(2), n="many"), "n is no whole number"),
    ],
)
def test_what_holds_no_images_is_named(write, words: str, tmp_path: Path) -> None:
    path = tmp_path / "thing.npz"
    write(path)
    with pytest.raises(CourseError) as caught:
        open_images(path)
    assert words in str(caught.value) and "thing.npz" in str(caught.value)


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[: len(whole) // 2], lambda _: b"", lambda _: b"<html>"]
)
def test_a_damaged_image_is_named(damage, tmp_path: Path) -> None:
    save_images(smooth_images(3, 32, 0), tmp_path)
    bad = tmp_path / "001.png"
    bad.write_bytes(damage(bad.read_bytes()))
    with pytest.raises(ImageError, match=r"001\.png cannot be read as an image"):
        together(open_images(tmp_path))

"""Folders of images become arrays; corrupt images are named."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from labkit.data import AFHQ, ImageFolder
from labkit.errors import CourseError


def save_image(
    path: Path, color: tuple[int, int, int] = (200, 40, 90), size: tuple[int, int] = (40, 40)
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, color).save(path)


@pytest.fixture
def pets(tmp_path: Path) -> Path:
    """Three cats and two dogs, and what else lies about in folders."""
    folder = tmp_path / "pets"
    for i in range(3):
        save_image(folder / f"cat/{i}.jpg", (200, 40, 10 * i))
    save_image(folder / "dog/a.png", (10, 220, 30))
    save_image(folder / "dog/b.JPG", (10, 30, 220))
    (folder / "dog/._a.png").write_bytes(b"a Mac's")
    (folder / "README.md").write_text("Pets.")
    (folder / "empty").mkdir()
    return folder


def test_a_folder_of_classes(pets: Path) -> None:
    images = ImageFolder(pets, size=16)
    assert images.images.shape == (5, 3, 16, 16) and images.images.dtype == torch.uint8
    assert images.classes == ("cat", "dog") and images.labels.tolist() == [0, 0, 0, 1, 1]
    assert [file.name for file in images.files] == ["0.jpg", "1.jpg", "2.jpg", "a.png", "b.JPG"]
    assert (images[3][0].float().mean((1, 2)) - torch.tensor([10.0, 220, 30])).abs().max() < 1


def test_the_first_of_each_class(pets: Path) -> None:
    images = ImageFolder(pets, size=16, max_images_per_class=2)
    assert images.counts() == {"cat": 2, "dog": 2}
    assert torch.equal(images.images, ImageFolder(pets, size=16).images[[0, 1, 3, 4]])


def test_made_once_and_again_when_a_file_changes(pets: Path) -> None:
    first = ImageFolder(pets, size=16)
    made = first.path.stat().st_mtime_ns
    assert ImageFolder(pets, size=16).path.stat().st_mtime_ns == made
    save_image(pets / "cat/0.jpg", (0, 0, 0))
    assert ImageFolder(pets, size=16).images[0].max() < 5
    assert ImageFolder(pets, size=32).images.shape[-1] == 32


def test_the_central_square_is_taken_and_turned_upright(tmp_path: Path) -> None:
    wide = np.zeros((20, 60, 3), np.uint8)
    wide[:10, 20:40] = 255
    (tmp_path / "in/cat").mkdir(parents=True)
    turned = Image.Exif()
    turned[0x0112] = 3  # upside down
    Image.fromarray(wide).save(tmp_path / "in/cat/1.png")
    Image.fromarray(wide[::-1, ::-1].copy()).save(tmp_path / "in/cat/2.png", exif=turned)
    first, second = ImageFolder(tmp_path / "in", size=10).images
    assert first[:, :4].min() > 200 and first[:, 6:].max() < 55
    assert torch.equal(first, second)


def test_scaling_down_is_antialiased_and_close_to_the_slow_way(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    smooth = Image.fromarray(rng.integers(0, 256, (16, 16, 3), dtype=np.uint8)).resize((512, 512))
    noisy = np.clip(np.asarray(smooth).astype(int) + rng.integers(-40, 41, (512, 512, 3)), 0, 255).astype(
        np.uint8
    )
    (tmp_path / "in/cat").mkdir(parents=True)
    Image.fromarray(noisy).save(tmp_path / "in/cat/1.jpg", quality=95)
    slow = Image.open(tmp_path / "in/cat/1.jpg").resize((64, 64), Image.Resampling.BICUBIC)
    ours = ImageFolder(tmp_path / "in", size=64).images[0].permute(1, 2, 0).numpy()
    assert np.abs(ours.astype(int) - np.asarray(slow)).mean() < 1


@pytest.fixture
def spoilt(pets: Path) -> Path:
    """Two of the five are corrupt: one cut short, one no image."""
    whole = (pets / "cat/1.jpg").read_bytes()
    (pets / "cat/1.jpg").write_bytes(whole[: len(whole) // 2])
    (pets / "dog/a.png").write_bytes(b"<html>not found</html>")
    return pets


def test_corrupt_images_are_named(spoilt: Path) -> None:
    for _ in range(2):
        with pytest.raises(
            CourseError, match=r"2 corrupt images: .*cat/1\.jpg \(.*dog/a\.png \(.*skip_corrupt"
        ):
            ImageFolder(spoilt, size=16)


def test_corrupt_images_are_left_out_on_request_only(spoilt: Path) -> None:
    for _ in range(2):
        images = ImageFolder(spoilt, size=16, skip_corrupt=True)
        assert [file.name for file in images.files] == ["0.jpg", "2.jpg", "b.JPG"]
        assert [file.name for file in images.skipped] == ["1.jpg", "a.png"]
        assert images.counts() == {"cat": 2, "dog": 1} and images.images.shape[0] == 3
    with pytest.raises(CourseError, match="2 corrupt images"):
        ImageFolder(spoilt, size=16)


def test_a_mended_image_is_taken(spoilt: Path) -> None:
    ImageFolder(spoilt, size=16, skip_corrupt=True)
    save_image(spoilt / "cat/1.jpg")
    save_image(spoilt / "dog/a.png")
    assert len(ImageFolder(spoilt, size=16)) == 5


def test_nothing_but_corrupt_images_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "in/cat").mkdir(parents=True)
    (tmp_path / "in/cat/1.jpg").write_bytes(b"")
    with pytest.raises(CourseError, match=r"1 corrupt image: "):
        ImageFolder(tmp_path / "in", size=16, skip_corrupt=True)


def test_a_folder_without_images_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="holds no images"):
        ImageFolder(tmp_path, size=16)
    with pytest.raises(ValueError, match="size"):
        ImageFolder(tmp_path, size=0)


def test_making_the_array_takes_no_more_memory_than_it_and_200_mb(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1024, 1024, 3), dtype=np.uint8)
    (tmp_path / "in/cat").mkdir(parents=True)
    Image.fromarray(noise).save(tmp_path / "noise.jpg", quality=50)
    for i in range(60):
        shutil.copy(tmp_path / "noise.jpg", tmp_path / f"in/cat/{i}.jpg")
    code = (
        "import resource, sys\n"
        "from labkit.data import ImageFolder\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024\n"
        "before = peak()\n"
        "images = ImageFolder(sys.argv[1], size=512).images\n"
        "images.max()\n"
        "print(peak() - before, images.nbytes)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "in"], capture_output=True, check=True, text=True
    )
    growth, array = map(int, done.stdout.split())
    assert array == 60 * 3 * 512 * 512
    assert growth < array + 200e6


SAMPLE = next(
    (
        parent / "shared/afhq_sample"
        for parent in Path(__file__).resolve().parents
        if (parent / "shared/afhq_sample").is_dir()
    ),
    None,
)


@pytest.mark.skipif(SAMPLE is None, reason="the sample of real photographs is not here")
def test_real_photographs() -> None:
    images = AFHQ(SAMPLE, size=32)
    assert images.counts() == {"cat": 10, "dog": 8, "wild": 10}
    assert 40 < images.images.float().mean() < 200

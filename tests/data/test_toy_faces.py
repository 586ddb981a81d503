"""The toy faces: the same from a seed, varied, balanced, and kept."""

from pathlib import Path

import pytest
import torch

from labkit.data import ImageSet, ToyFaces


def test_the_array_is_what_the_interface_says() -> None:
    faces = ToyFaces("train", size=16, n=30)
    assert isinstance(faces, ImageSet)
    assert faces.images.shape == (30, 3, 16, 16) and faces.images.dtype == torch.uint8
    assert faces.classes == ("cat", "dog", "wild")
    assert faces.counts() == {"cat": 10, "dog": 10, "wild": 10}
    image, label = faces[4]
    assert torch.equal(image, faces.images[4]) and label == 1
    assert len(faces) == len(list(faces)) == 30


def test_a_face_depends_on_seed_split_and_index_alone(data_folder: Path) -> None:
    many = ToyFaces("train", size=16, n=130, seed=3)
    for n in (1, 7, 121):
        assert torch.equal(ToyFaces("train", size=16, n=n, seed=3).images, many.images[:n])
    for path in data_folder.rglob("*.npy"):
        path.unlink()
    assert torch.equal(ToyFaces("train", size=16, n=130, seed=3).images, many.images)
    assert not torch.equal(ToyFaces("train", size=16, n=130, seed=4).images, many.images)


def test_no_face_comes_twice_in_or_across_splits_and_seeds() -> None:
    sets = [ToyFaces(split, size=16, n=600, seed=seed) for split in ("train", "val") for seed in (0, 1)]
    faces = torch.cat([faces.images for faces in sets]).flatten(1)
    assert len(faces.unique(dim=0)) == len(faces)


def test_faces_vary_in_every_pixel_and_classes_differ() -> None:
    faces = ToyFaces("val", size=32, n=600)
    images = faces.images.float() / 255
    for label in range(3):
        assert images[faces.labels == label].std(dim=0).min() > 0.03  # they are nearly aligned
    means = torch.stack([images[faces.labels == label].mean(dim=0) for label in range(3)])
    for a, b in ((0, 1), (0, 2), (1, 2)):
        assert (means[a] - means[b]).abs().max() > 0.2


def test_a_size_is_the_same_face_in_another_resolution() -> None:
    small, large = ToyFaces(size=32, n=60).images, ToyFaces(size=64, n=60).images
    shrunk = torch.nn.functional.avg_pool2d(large.float(), 2)
    assert (shrunk - small.float()).abs().mean() < 4


def test_a_second_call_reads_what_the_first_one_drew(data_folder: Path) -> None:
    first = ToyFaces(size=16, n=9)
    drawn = first.path.stat().st_mtime_ns
    assert first.path.is_relative_to(data_folder)
    assert torch.equal(ToyFaces(size=16, n=9).images, first.images)
    assert first.path.stat().st_mtime_ns == drawn


def test_writing_to_the_images_leaves_the_file_alone() -> None:
    first = ToyFaces(size=16, n=9)
    before = first.images.clone()
    first.images.zero_()
    assert torch.equal(ToyFaces(size=16, n=9).images, before)


def test_moved_images_are_the_same_set() -> None:
    faces = ToyFaces(size=16, n=9)
    moved = faces.to("cpu")
    assert torch.equal(moved.images, faces.images) and moved.counts() == faces.counts()


@pytest.mark.parametrize("wrong", [{"split": "test"}, {"size": 4}, {"n": 0}, {"seed": -1}])
def test_wrong_arguments_are_named(wrong: dict) -> None:
    with pytest.raises(ValueError, match=str(next(iter(wrong.values())))):
        ToyFaces(**wrong)

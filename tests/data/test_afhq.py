"""AFHQ: from the server to the array."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from badserver import Behaviour, serve
from PIL import Image

from labkit.data import AFHQ, afhq
from labkit.data.afhq import AFHQ_V1, Published, published_folder
from labkit.data.remote import RemoteFile
from labkit.errors import CourseError

COUNTS = {"train": {"cat": 3, "dog": 2, "wild": 2}, "val": {"cat": 1, "dog": 1, "wild": 1}}


def small_zip() -> bytes:
    """An archive with AFHQ's layout and COUNTS."""
    jpeg, archive = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (24, 24), (90, 120, 30)).save(jpeg, "JPEG")
    with zipfile.ZipFile(archive, "w") as file:
        for split, classes in COUNTS.items():
            for name, count in classes.items():
                for i in range(count):
                    file.writestr(f"afhq/{split}/{name}/{i}.jpg", jpeg.getvalue())
    return archive.getvalue()


@pytest.fixture
def server() -> Iterator[Behaviour]:
    with serve(small_zip()) as behaviour:
        yield behaviour


@pytest.fixture
def published(server: Behaviour, monkeypatch: pytest.MonkeyPatch) -> Published:
    """A small data set on a server of ours, in the place of the real one."""
    content = server.content
    small = Published(
        RemoteFile(server.url, "afhq.zip", len(content), hashlib.sha256(content).hexdigest()), COUNTS
    )
    monkeypatch.setattr(afhq, "AFHQ_V1", small)
    return small


@pytest.mark.usefixtures("published")
def test_from_the_server_to_the_array(server: Behaviour, data_folder: Path) -> None:
    assert AFHQ(split="train", size=16).counts() == COUNTS["train"]
    assert AFHQ(split="val", size=16, max_images_per_class=1).counts() == COUNTS["val"]
    assert server.requests == [None], "it is downloaded once"
    assert sorted(path.name for path in data_folder.iterdir()) == ["afhq", "afhq.zip", "arrays"]


def test_an_archive_with_other_counts_is_not_taken(published: Published, data_folder: Path) -> None:
    more = replace(published, counts=COUNTS | {"val": {"cat": 500, "dog": 1, "wild": 1}})
    with pytest.raises(CourseError, match="val should hold 500 cat, 1 dog, 1 wild, but holds 1 cat"):
        published_folder(more)
    assert [path.name for path in data_folder.iterdir()] == ["afhq.zip"]


@pytest.mark.usefixtures("published")
def test_a_lost_image_is_noticed(data_folder: Path) -> None:
    AFHQ(size=16)
    (data_folder / "afhq/train/cat/0.jpg").unlink()
    with pytest.raises(CourseError, match=r"train should hold 3 cat.* holds 2 cat.*Delete "):
        AFHQ(size=16)


def test_what_was_published() -> None:
    assert sum(AFHQ_V1.counts["train"].values()) == 14_630
    assert AFHQ_V1.archive.size == 729_484_677 and len(AFHQ_V1.archive.sha256) == 64


def test_a_folder_of_your_own(tmp_path: Path) -> None:
    for place in ("split/train/cat", "split/val/cat", "plain/cat"):
        (tmp_path / place).mkdir(parents=True)
        Image.new("RGB", (20, 20)).save(tmp_path / place / "1.jpg")
    assert len(AFHQ(tmp_path / "split", "train", 16)) == len(AFHQ(tmp_path / "split", "val", 16)) == 1
    assert len(AFHQ(tmp_path / "plain", "train", 16)) == 1
    with pytest.raises(CourseError, match="has no folder val"):
        AFHQ(tmp_path / "plain", "val", 16)
    with pytest.raises(CourseError, match="there is no folder"):
        AFHQ(tmp_path / "nowhere")
    with pytest.raises(ValueError, match="no split 'test'"):
        AFHQ(tmp_path / "plain", "test")

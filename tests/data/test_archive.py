"""Archives come out whole and stay in their folder."""

import stat
import zipfile
from pathlib import Path

import pytest

from labkit.data.archive import unpack
from labkit.errors import CourseError


def accept(_folder: Path) -> None:
    pass


def make_zip(path: Path, names: list[str]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name in names:
            file.writestr(name, name * 100)
    return path


@pytest.mark.parametrize("around", ["", "afhq/"])
def test_a_zip_is_unpacked_without_the_folder_around_it(tmp_path: Path, around: str) -> None:
    archive = make_zip(tmp_path / "a.zip", [f"{around}train/cat/1.jpg", f"{around}val/cat/2.jpg"])
    unpack(archive, tmp_path / "out", accept)
    assert (tmp_path / "out/train/cat/1.jpg").exists() and (tmp_path / "out/val/cat/2.jpg").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "out"]


@pytest.mark.parametrize(
    "name", ["../out.txt", "a/../../out.txt", "/tmp/out.txt", "..\\out.txt", "C:\\out.txt"]
)
def test_a_path_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    archive = make_zip(tmp_path / "a.zip", ["train/1.jpg", name])
    with pytest.raises(CourseError, match="leads out"):
        unpack(archive, tmp_path / "in" / "out", accept)
    assert [path.name for path in tmp_path.rglob("*")] == ["a.zip", "in"]


def test_a_link_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        link = zipfile.ZipInfo("train")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc")
        file.writestr("train/passwd", "mine")
    with pytest.raises(CourseError, match=r"'train' is a link"):
        unpack(tmp_path / "a.zip", tmp_path / "out", accept)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_zip_leaves_nothing(tmp_path: Path, damage: str) -> None:
    archive = make_zip(tmp_path / "a.zip", ["train/1.jpg", "train/2.jpg"])
    content = bytearray(archive.read_bytes())
    if damage == "cut":
        del content[-30:]
    else:
        content[content.index(b"train/2.jpg" * 2) + 5] ^= 1
    archive.write_bytes(content)
    with pytest.raises(CourseError, match=r"a\.zip is damaged"):
        unpack(archive, tmp_path / "out", accept)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


def test_what_the_check_refuses_is_not_there(tmp_path: Path) -> None:
    def refuse(folder: Path) -> None:
        assert (folder / "1.jpg").exists()
        raise CourseError("too few")

    with pytest.raises(CourseError, match="too few"):
        unpack(make_zip(tmp_path / "a.zip", ["train/1.jpg"]), tmp_path / "out", refuse)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]

"""AFHQ, the animal faces of Choi et al., "StarGAN v2" (CVPR 2020)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from labkit.data.archive import unpack
from labkit.data.cache import data_folder
from labkit.data.folder import ImageFolder, images_by_class
from labkit.data.remote import RemoteFile
from labkit.errors import CourseError

SPLITS = ("train", "val")


@dataclass(frozen=True)
class Published:
    """A data set as its authors published it."""

    archive: RemoteFile
    counts: Mapping[str, Mapping[str, int]]
    """The number of images by split and class."""


AFHQ_V1 = Published(
    RemoteFile(
        url="https://www.dropbox.com/s/t9l9o3vsx2jai3z/afhq.zip?dl=1",
        name="afhq.zip",
        size=729_484_677,
        sha256="7f63dcc14ef58c0e849b59091287e1844da97016073aac20403ae6c6132b950f",
    ),
    counts={
        "train": {"cat": 5153, "dog": 4739, "wild": 4738},
        "val": {"cat": 500, "dog": 500, "wild": 500},
    },
)


class AFHQ(ImageFolder):
    """Faces of cats, dogs and wild animals: 14,630 to train with, 1,500 in `val`; CC BY-NC 4.0.

    Without `root` it is downloaded once (730 MB) into the data folder and checked against what was
    published. `root` is a folder of your own: `root`/train/CLASS/ and `root`/val/CLASS/, or `root`/CLASS/
    alone, which then is all `train`. The rest is as for ImageFolder.
    """

    def __init__(
        self,
        root: Path | str | None = None,
        split: str = "train",
        size: int = 64,
        max_images_per_class: int | None = None,
        skip_corrupt: bool = False,
    ):
        if split not in SPLITS:
            raise ValueError(f"there is no split {split!r}; choose one of {', '.join(SPLITS)}")
        self.split = split
        root = published_folder() if root is None else Path(root).expanduser()
        folders = split_folders(root)
        if split not in folders:
            raise CourseError(f"{root} has no folder {split}. Put its images into {root / split}/CLASS/.")
        super().__init__(folders[split], size, max_images_per_class, skip_corrupt)


def split_folders(root: Path) -> dict[str, Path]:
    """Where the splits lie that `root` has; class folders without splits are all `train`."""
    if not root.is_dir():
        raise CourseError(f"there is no folder {root}. Check the path, or leave it out to download AFHQ.")
    found = {split: root / split for split in SPLITS if (root / split).is_dir()}
    return found or {"train": root}


def published_folder(published: Published | None = None) -> Path:
    """The folder with all of AFHQ: downloaded, verified and unpacked where it is missing."""
    published = published or AFHQ_V1
    folder = data_folder() / Path(published.archive.name).stem
    if not folder.is_dir():
        from labkit.data.download import fetch  # here: it is slow to import, and most never download

        archive = fetch(published.archive, data_folder())
        unpack(archive, folder, lambda unpacked: _check_counts(unpacked, published))
    _check_counts(folder, published)
    return folder


def published_here(published: Published = AFHQ_V1) -> Path:
    """The folder with all of AFHQ, where it is already; raises CourseError where it is not."""
    folder = data_folder() / Path(published.archive.name).stem
    if not folder.is_dir():
        raise CourseError(f"There is no AFHQ in {data_folder()}: `labkit data afhq` downloads it, once.")
    return folder


def _check_counts(folder: Path, published: Published) -> None:
    """Raise CourseError where `folder` holds not as many images as were published."""
    for split, expected in published.counts.items():
        found = {name: len(files) for name, files in images_by_class(folder / split).items()}
        if found != expected:
            raise CourseError(
                f"{folder / split} should hold {_listed(expected)}, but holds "
                f"{_listed(found) or 'no images'}. Delete {folder} and do the same again."
            )


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())

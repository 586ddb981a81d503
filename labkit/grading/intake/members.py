"""What a zip, a folder or loose files hold: as a list, before anything of it is written."""

import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Set
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO

from labkit.course.hand_in import MAX_BYTES, MAX_FILES
from labkit.errors import CourseError

MOST_MEMBERS = 20 * MAX_FILES
"""Files in a zip or folder, needed or not: a virtual environment that was packed along has 10,000."""

NOTEBOOK = re.compile(r"\.ipynb(?:\.(?:txt|json))?$", re.IGNORECASE)
"""How a notebook's name ends; browsers that take it for a text append to it."""

ARCHIVE = re.compile(r"\.(?:zipx?|rar|7z|tar(?:\.\w+)?|tgz|tbz2?|txz)$", re.IGNORECASE)

_LEVELS = 2
"""Of zips in a zip."""

_MOST_ZIPS = 50
"""In a zip, on each of these levels."""


@dataclass(frozen=True)
class Member:
    """A file in a zip or in a folder."""

    name: str
    """as it is written there"""
    path: PurePosixPath
    """where it lies, below the top"""
    open: Callable[[], IO[bytes]]
    when: datetime | None = None
    """when it was last changed; a zip keeps local time without a zone, which is read as this machine's"""
    trouble: str = ""
    """why it must not be taken"""
    inside: str = ""
    """the zip in the zip that it comes from"""

    @property
    def is_notebook(self) -> bool:
        return bool(NOTEBOOK.search(self.path.name))

    @property
    def is_zip(self) -> bool:
        return self.path.suffix.lower() == ".zip"

    @property
    def is_archive(self) -> bool:
        """Whether others may lie in it; of these only zips are ever opened."""
        return bool(ARCHIVE.search(self.path.name))

    @property
    def is_litter(self) -> bool:
        """Whether a machine put it there: hidden, Jupyter's checkpoints, macOS's forks."""
        return any(part == "__MACOSX" or (part[0] == "." and part != "..") for part in self.path.parts)


@contextmanager
def members_in(path: Path, scratch: Path, apart: Set[str] = frozenset()) -> Iterator[list[Member]]:
    """The files of a zip or a folder, without litter; zips in it are opened where it holds no notebook.

    What `apart` names at its top is left out. Zips are copied into `scratch`. Raises CourseError
    where there are too many files, or too large ones, and zipfile.BadZipFile for what is no whole zip.
    """
    with ExitStack() as stack:
        if path.is_dir():
            found = _in_folder(path)
        else:
            file = stack.enter_context(_open_same(path, path.lstat(), path.name))
            found = _in_zip(stack.enter_context(zipfile.ZipFile(file)))
        members = _without_litter([member for member in found if member.name not in apart])
        numbers, copied = count(), 0
        for _ in range(_LEVELS):
            if any(member.is_notebook for member in members):
                break
            if (zips := sum(member.is_zip for member in members)) > _MOST_ZIPS:
                raise CourseError(f"it holds no notebook, and {zips} zips, of which {_MOST_ZIPS} are opened")
            flat: list[Member] = []
            for member in members:
                _require_few(len(flat))
                inner = scratch / f"{next(numbers)}.zip"
                if not member.is_zip or member.trouble:
                    flat.append(member)
                    continue
                copied += copy_member(member, inner, MAX_BYTES - copied)
                with suppress(zipfile.BadZipFile):
                    archive = stack.enter_context(zipfile.ZipFile(inner))
                    flat += [_below(member, one) for one in _in_zip(archive)]
                    continue
                flat.append(member)
            _require_few(len(flat))
            members = _without_litter(flat)
        yield members


def loose(files: dict[str, Path]) -> list[Member]:
    """Files that lie in the inbox by themselves, under these names."""
    return [_of_file(path, name) for name, path in files.items()]


def copy_member(member: Member, target: Path, most: int) -> int:
    """Write it to `target`; returns its bytes. Raises CourseError where there are more than `most`."""
    size = 0
    with member.open() as source, target.open("xb") as sink:
        while chunk := source.read(min(2**20, most - size + 1)):  # what the header says may be a lie
            size += len(chunk)
            if size > most:
                raise CourseError(f"it unpacks to more than {MAX_BYTES / 2**30:g} GiB")
            sink.write(chunk)
    return size


def _in_zip(archive: zipfile.ZipFile) -> list[Member]:
    infos = [info for info in archive.infolist() if info.filename[-1:] not in ("/", "\\", "")]
    _require_few(len(infos))
    return [_of_zip(archive, info) for info in infos]


def _of_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    name = info.filename
    with suppress(UnicodeError):  # macOS writes UTF-8 and does not say so
        if not info.flag_bits & 0x800:
            name = name.encode("cp437").decode("utf-8")
    path, trouble = _placed(name)
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        trouble = f"{name!r} is a link or a device"
    elif info.flag_bits & 1:
        trouble = "it is encrypted"
    when = None
    with suppress(ValueError, OverflowError):
        if info.date_time[0] > 1980:  # the first year that there is stands for none
            when = datetime(*info.date_time).astimezone(UTC)
    return Member(name, path, partial(archive.open, info), when, trouble)


def _in_folder(folder: Path) -> list[Member]:
    if folder.is_symlink():
        raise CourseError("it is a link")

    def refuse(error: OSError) -> None:
        name = os.path.relpath(error.filename, folder)
        raise CourseError(f"the folder {name!r} in it cannot be read: {error.strerror}")

    members: list[Member] = []
    for where, folders, files in os.walk(folder, onerror=refuse):
        links = [name for name in folders if (Path(where) / name).is_symlink()]
        for name in [*links, *files]:
            path = Path(where) / name
            members.append(_of_file(path, str(path.relative_to(folder))))
        _require_few(len(members))
    return members


def _of_file(path: Path, name: str) -> Member:
    place, trouble = _placed(name)
    status = path.lstat()
    if not stat.S_ISREG(status.st_mode):
        trouble = f"{name!r} is a link or a device"
    when = datetime.fromtimestamp(status.st_mtime, UTC)
    return Member(name, place, partial(_open_same, path, status, name), when, trouble)


def _open_same(path: Path, status: os.stat_result, name: str) -> IO[bytes]:
    """Open the file that was looked at.

    Whoever may write into an inbox can put a link to a file of the grader's into its place meanwhile, or a
    pipe, which nobody would ever read to its end. Raises CourseError where it is another one now.
    """
    flags = (
        os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    try:
        file = os.fdopen(os.open(path, flags), "rb")
    except OSError as error:
        raise CourseError(f"{name!r} cannot be read: {error.strerror}") from None
    now = os.fstat(file.fileno())
    if stat.S_ISREG(now.st_mode) and os.path.samestat(now, status):
        return file
    file.close()
    raise CourseError(f"{name!r} was replaced while it was read")


def _placed(name: str) -> tuple[PurePosixPath, str]:
    """Where a file of this name belongs, and why it must not be written there.

    Windows PowerShell writes backslashes into its zips.
    """
    path = PureWindowsPath(unicodedata.normalize("NFC", name))
    leads_out = path.anchor or ".." in path.parts
    trouble = f"the path {name!r} leads out of the folder" if leads_out else ""
    return PurePosixPath(*path.parts[bool(path.anchor) :]), trouble


def _below(outer: Member, member: Member) -> Member:
    path = outer.path.with_suffix("") / member.path
    return replace(member, name=f"{outer.name}/{member.name}", path=path, inside=outer.inside or outer.name)


def _without_litter(members: list[Member]) -> list[Member]:
    return [member for member in members if not member.is_litter]


def _require_few(number: int) -> None:
    if number > MOST_MEMBERS:
        raise CourseError(f"it holds {number} files, {MAX_FILES} are allowed")

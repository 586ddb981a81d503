"""Students' zips and folders, taken safely into a course by `labkit collect`."""

import os
import stat
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from labkit.errors import CourseError
from labkit.hand_in import MAX_BYTES, MAX_FILES, STUDENT_NAME, TIMESTAMP

_ARCHIVES = {".zip", ".7z", ".gz", ".rar", ".tar", ".tgz", ".xz"}
MAX_NAME = 200
"""Bytes of a student's name: of the 255 that a file's name may have, logs and marks take some."""


@dataclass(frozen=True)
class Collected:
    """What became of one zip or folder; `status` is new, replaced, unchanged or refused."""

    zip: str
    student: str
    status: str
    reason: str = ""


def collect(assignment: str, inbox: Path, submitted: Path) -> list[Collected]:
    """Takes every zip and every folder in `inbox`, named by student, to submitted/<student>/<assignment>.

    One that is broken, too large, or has paths or links that lead elsewhere is refused and the others are
    collected. A submission with an older timestamp is replaced as a whole; a newer one stays. Raises
    CourseError where there is no `inbox`, nothing in it, or submissions cannot be written.
    """
    if not inbox.is_dir():
        raise CourseError(f"There is no folder {inbox}. Name the one with your students' zips.")
    archives = sorted(path for path in inbox.glob("*") if _may_be_submission(path))
    if not archives:
        raise CourseError(
            f"There are no zips in {inbox}, and no folders. "
            "Put each student's there, named like the student: ann.zip."
        )
    try:
        submitted.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=submitted, prefix=".collect-") as scratch:
            return [
                _collect(path, assignment, submitted, Path(tempfile.mkdtemp(dir=scratch)))
                for path in archives
            ]
    except PermissionError as error:
        raise CourseError(
            f"{submitted} cannot be written: {error.strerror}. Check its permissions."
        ) from None


@dataclass(frozen=True)
class _Member:
    """A file in a zip or in a folder."""

    name: str
    open: Callable[[], IO[bytes]]


def _may_be_submission(path: Path) -> bool:
    return not path.name.startswith(".") and (path.suffix.lower() in _ARCHIVES or path.is_dir())


def _collect(path: Path, assignment: str, submitted: Path, scratch: Path) -> Collected:
    student = path.name if path.is_dir() else path.stem
    if not path.is_dir() and path.suffix.lower() != ".zip":
        return Collected(path.name, student, "refused", "it is no zip; unpack it into a folder of this name")
    if len(student.encode(errors="replace")) > MAX_NAME:
        return Collected(path.name, student, "refused", f"the name has more than {MAX_NAME} bytes")
    if not STUDENT_NAME.fullmatch(student):
        return Collected(
            path.name,
            student,
            "refused",
            "the name may have letters, digits and . _ - @ only; rename the zip",
        )
    fresh = scratch / "fresh"
    try:
        if path.is_dir():
            _unpack(_in_folder(path), assignment, fresh)
        else:
            with zipfile.ZipFile(path) as archive:
                _unpack(_in_zip(archive), assignment, fresh)
    except Exception as error:  # whatever a broken or hostile zip makes the reader raise
        return Collected(path.name, student, "refused", str(error) or type(error).__name__)
    when = _when(fresh) or datetime.fromtimestamp(_last_change(path), UTC)
    (fresh / TIMESTAMP).write_text(f"{when:%Y-%m-%d %H:%M:%S} UTC\n", encoding="utf-8")

    home = submitted / student / assignment
    if not home.exists():
        home.parent.mkdir(exist_ok=True)
        os.replace(fresh, home)
        return Collected(path.name, student, "new")
    before = _when(home)
    if before is not None and when.replace(microsecond=0) <= before:
        return Collected(
            path.name, student, "unchanged", f"the submission of {before:%Y-%m-%d %H:%M} UTC stays"
        )
    os.replace(home, scratch / "old")
    os.replace(fresh, home)
    return Collected(path.name, student, "replaced", f"by the submission of {when:%Y-%m-%d %H:%M} UTC")


def _last_change(path: Path) -> float:
    """Seconds, of a zip or of the youngest file in a folder."""
    files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    return max(file.stat().st_mtime for file in files)


def _in_zip(archive: zipfile.ZipFile) -> list[_Member]:
    members = [info for info in archive.infolist() if not info.is_dir()]
    for info in members:
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise CourseError(f"{info.filename!r} is a link or a device")
        if info.flag_bits & 1:
            raise CourseError("it is encrypted")
    return [_Member(info.filename, partial(archive.open, info)) for info in members]


def _in_folder(folder: Path) -> list[_Member]:
    members = []
    if folder.is_symlink():
        raise CourseError("it is a link")
    for where, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            path = Path(where) / name
            mode = path.lstat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise CourseError(f"{str(path.relative_to(folder))!r} is a link or a device")
        for name in files:
            path = Path(where) / name
            members.append(_Member(path.relative_to(folder).as_posix(), partial(path.open, "rb")))
        if len(members) > MAX_FILES:
            break
    return members


def _unpack(members: list[_Member], assignment: str, target: Path) -> None:
    """Writes the notebooks and results/ of a submission; raises CourseError for whatever is unsafe."""
    if len(members) > MAX_FILES:
        raise CourseError(f"it holds {len(members)} files, {MAX_FILES} are allowed")
    for member in members:
        name = PurePosixPath(member.name)
        if "\\" in member.name or ":" in member.name or name.is_absolute() or ".." in name.parts:
            raise CourseError(f"the path {member.name!r} leads out of the folder")
    if twice := [name for name, n in Counter(member.name for member in members).items() if n > 1]:
        raise CourseError(f"it holds {twice[0]!r} twice")
    root = _root(members, assignment)
    left = MAX_BYTES
    for member in members:
        name = PurePosixPath(member.name)
        if not name.is_relative_to(root):
            continue
        name = name.relative_to(root)
        if not name.parts or not (
            name.parts[0] == "results"
            or (len(name.parts) == 1 and name.suffix == ".ipynb")
            or str(name) == TIMESTAMP
        ):
            continue
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with member.open() as source, path.open("xb") as sink:
            while chunk := source.read(min(2**20, left + 1)):  # what the header says of the size may be a lie
                left -= len(chunk)
                if left < 0:
                    raise CourseError(f"it unpacks to more than {MAX_BYTES / 2**30:g} GiB")
                sink.write(chunk)


def _root(members: list[_Member], assignment: str) -> PurePosixPath:
    """The folder in the submission where the assignment's notebooks lie, however deep it was packed."""
    paths = [PurePosixPath(member.name) for member in members]
    folders = [
        path.parent
        for path in paths
        if path.suffix == ".ipynb" and not {".ipynb_checkpoints", "__MACOSX"} & set(path.parts)
    ]
    if not folders:
        raise CourseError("it holds no notebook")
    named = [folder for folder in folders if folder.name == assignment]
    return min(named or folders, key=lambda folder: len(folder.parts))


def _when(folder: Path) -> datetime | None:
    try:
        with (folder / TIMESTAMP).open(encoding="utf-8") as file:
            text = file.read(100).strip()
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
    except (OSError, ValueError):
        return None

"""Zip archives, unpacked as a whole or not at all."""

import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

from labkit.errors import CourseError
from labkit.progress import progress


def unpack(archive: Path, target: Path, check: Callable[[Path], None]) -> None:
    """Unpack a zip into the new folder `target`; a single folder around everything is left out.

    Nothing is written outside of a folder beside `target`, which moves to its place when all is there and
    `check(folder)` did not raise. Raises CourseError for a damaged archive, and for one with links, special
    files or paths that lead out of the folder.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(mkdtemp(prefix=f"{target.name}.", suffix=".part", dir=target.parent))
    try:
        with zipfile.ZipFile(archive) as file:
            members = file.infolist()
            for member in members:
                _refuse_unsafe(member, archive)
            for member in progress(members, desc=f"Unpacking {archive.name}", unit="file"):
                file.extract(member, temporary)
        inside = list(temporary.iterdir())
        folder = inside[0] if len(inside) == 1 and inside[0].is_dir() else temporary
        check(folder)
        folder.replace(target)
    except zipfile.BadZipFile as error:
        raise CourseError(f"{archive} is damaged ({error}). Delete it and do the same again.") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _refuse_unsafe(member: zipfile.ZipInfo, archive: Path) -> None:
    """Raise CourseError for anything but a file or folder below the target."""
    path = PurePosixPath(member.filename.replace("\\", "/"))
    kind = stat.S_IFMT(member.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or ":" in member.filename:
        problem = "leads out of the folder"
    elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        problem = "is a link or a special file"
    else:
        return
    raise CourseError(
        f"{archive} was not unpacked: its entry {member.filename!r} {problem}. "
        "Take the archive from its source."
    )

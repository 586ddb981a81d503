"""A student's zip: made by `labkit submit`, unpacked into a course folder by `labkit collect`.

nbgrader is not used: students have none.
"""

import os
import re
import stat
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import nbformat

from labkit.answers import empty_todos
from labkit.atomic import write_atomically
from labkit.course import ASSIGNMENTS, BETAS, PREDICTORS, SWISS_ROLL_RUN, run_folder
from labkit.errors import CourseError
from labkit.training.run import RunError, RunFolder

MAX_FILES = 1000
MAX_BYTES = 2 * 2**30  # five runs of the profile `gpu` make half of it

_STUDENT = re.compile(r"\w(?:[\w .@-]*\w)?")
_RUNS = {
    "task1_swiss_roll": [SWISS_ROLL_RUN],
    "task2_images": [
        *(run_folder(predictor, "linear") for predictor in PREDICTORS),
        *(run_folder("x0", beta) for beta in BETAS if beta != "linear"),
    ],
}
_TIMESTAMP = "timestamp.txt"
_HALF_WRITTEN = (".tmp", ".part")  # what a killed process left


@dataclass(frozen=True)
class Submitted:
    """What `submit` wrote, and what it missed: one sentence each."""

    path: Path
    files: list[str]
    missing: list[str]


@dataclass(frozen=True)
class Collected:
    """What became of one zip; `status` is new, replaced, unchanged or refused."""

    zip: str
    student: str
    status: str
    reason: str = ""


def submit(folder: Path, student: str, into: Path = Path(".")) -> Submitted:
    """Packs an assignment's folder (named like the assignment) into the zip <student>.zip in `into`.

    Notebooks and runs are taken, of each run the newest checkpoint alone. Raises CourseError, with nothing
    written, where the folder is no assignment's or holds none of its notebooks.
    """
    folder = folder.resolve()
    if folder.name not in ASSIGNMENTS:
        raise CourseError(
            f"{folder} is not the folder of an assignment. "
            f"Name one that is called {' or '.join(ASSIGNMENTS)}."
        )
    names = [f"{name}.ipynb" for name in ASSIGNMENTS[folder.name]]
    notebooks = [name for name in names if (folder / name).is_file()]
    if not notebooks:
        raise CourseError(f"{folder} holds none of the notebooks of {folder.name}; nothing was packed.")
    missing = [f"{name} is missing." for name in names if name not in notebooks]
    for name in notebooks:
        missing += _unfinished(folder / name)
    for run in _RUNS.get(folder.name, []):
        if not (folder / run).exists():
            missing.append(f"The training run {run} is missing: run the notebook that trains to its end.")
            continue
        try:
            RunFolder(folder / run).finished()
        except RunError:
            missing.append(
                f"The training run {run} is not finished: run its notebook again, it goes on there."
            )

    files = [*notebooks, *(str(path.relative_to(folder).as_posix()) for path in _run_files(folder))]
    if len(files) > MAX_FILES or sum((folder / name).stat().st_size for name in files) > MAX_BYTES:
        missing.append(
            f"This is more than the course takes, {MAX_FILES:,} files of {MAX_BYTES / 2**30:g} GiB in all: "
            "move away from results/ what the notebooks do not use."
        )
    if not _STUDENT.fullmatch(student):
        raise CourseError(
            f"{student!r} cannot name a zip: it may have letters, digits and . _ - @ only. "
            "Give your name with --student."
        )
    target = into / f"{student}.zip"

    def pack(part: Path) -> None:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in files:
                archive.write(folder / name, f"{folder.name}/{name}")
            archive.writestr(f"{folder.name}/{_TIMESTAMP}", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n")

    write_atomically(target, pack)
    return Submitted(target, files, missing)


def collect(assignment: str, zips: Path, submitted: Path) -> list[Collected]:
    """Unpacks every zip in `zips`, named by student, to submitted/<student>/<assignment>.

    A zip that is broken, too large, or has paths or links that lead elsewhere is refused and the others
    are collected. A submission with an older timestamp is replaced as a whole; a newer one stays. Raises
    CourseError where the folder has no zip or submissions cannot be written.
    """
    archives = sorted(zips.glob("*.zip")) if zips.is_dir() else []
    if not archives:
        raise CourseError(
            f"There are no zips in {zips}. Put each student's zip there, named like the student: ann.zip."
        )
    try:
        submitted.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=submitted, prefix=".collect-") as scratch:
            return [_collect(path, assignment, submitted, Path(scratch)) for path in archives]
    except PermissionError as error:
        raise CourseError(
            f"{submitted} cannot be written: {error.strerror}. Check its permissions."
        ) from None


def _unfinished(path: Path) -> list[str]:
    try:
        cells = nbformat.read(path, as_version=4).cells
    except Exception:  # whatever a broken file makes nbformat raise
        return [f"{path.name} is not a readable notebook; restore it from your last good copy."]
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    words = [
        f"The answer in words to {cell.metadata.nbgrader.grade_id} in {path.name} is still empty."
        for cell in cells
        if cell.cell_type == "markdown"
        and "Write your answer here" in cell.source
        and "nbgrader" in cell.metadata
    ]
    return [f"TODO {todo} in {path.name} is still empty." for todo in empty_todos(code)] + words


def _run_files(folder: Path) -> list[Path]:
    files = [
        path
        for path in sorted((folder / "results").rglob("*"))
        if path.is_file() and not path.is_symlink() and path.suffix not in _HALF_WRITTEN
    ]
    newest = {path.parent: path for path in files if path.parent.name == "checkpoints"}
    return [path for path in files if newest.get(path.parent, path) == path]


def _collect(path: Path, assignment: str, submitted: Path, scratch: Path) -> Collected:
    student = path.stem
    if not _STUDENT.fullmatch(student):
        return Collected(
            path.name,
            student,
            "refused",
            "the name may have letters, digits and . _ - @ only; rename the zip",
        )
    fresh = scratch / student
    try:
        with zipfile.ZipFile(path) as archive:
            _unpack(archive, assignment, fresh)
    except Exception as error:  # whatever a broken or hostile zip makes the reader raise
        return Collected(path.name, student, "refused", str(error) or type(error).__name__)
    when = _when(fresh) or datetime.fromtimestamp(path.stat().st_mtime, UTC)
    (fresh / _TIMESTAMP).write_text(f"{when:%Y-%m-%d %H:%M:%S} UTC\n", encoding="utf-8")

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
    old = scratch / f"{student}.old"
    os.replace(home, old)
    os.replace(fresh, home)
    return Collected(path.name, student, "replaced", f"by the submission of {when:%Y-%m-%d %H:%M} UTC")


def _unpack(archive: zipfile.ZipFile, assignment: str, target: Path) -> None:
    """Writes the notebooks and results/ of a zip; raises CourseError for whatever is unsafe."""
    members = [info for info in archive.infolist() if not info.is_dir()]
    if len(members) > MAX_FILES:
        raise CourseError(f"it holds {len(members)} files, {MAX_FILES} are allowed")
    for info in members:
        name = PurePosixPath(info.filename)
        if "\\" in info.filename or ":" in info.filename or name.is_absolute() or ".." in name.parts:
            raise CourseError(f"the path {info.filename!r} leads out of the folder")
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise CourseError(f"{info.filename!r} is a link or a device")
        if info.flag_bits & 1:
            raise CourseError("it is encrypted")
    root = _root(members, assignment)
    left = MAX_BYTES
    for info in members:
        name = PurePosixPath(info.filename)
        if not name.is_relative_to(root):
            continue
        name = name.relative_to(root)
        if not name.parts or not (
            name.parts[0] == "results"
            or (len(name.parts) == 1 and name.suffix == ".ipynb")
            or str(name) == _TIMESTAMP
        ):
            continue
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as source, path.open("xb") as sink:
            while chunk := source.read(min(2**20, left + 1)):  # what the header says of the size may be a lie
                left -= len(chunk)
                if left < 0:
                    raise CourseError(f"it unpacks to more than {MAX_BYTES / 2**30:g} GiB")
                sink.write(chunk)


def _root(members: list[zipfile.ZipInfo], assignment: str) -> PurePosixPath:
    """The folder in the zip where the assignment's notebooks lie, however deep it was packed."""
    paths = [PurePosixPath(info.filename) for info in members]
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
        text = (folder / _TIMESTAMP).read_text(encoding="utf-8")[:100].strip()
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S UTC").replace(tzinfo=UTC)
    except (OSError, ValueError):
        return None

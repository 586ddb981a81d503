"""What `labkit submit` hands in: an assignment's notebooks and runs, in one zip."""

import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nbformat

from labkit.atomic import write_atomically
from labkit.cells import empty_todos
from labkit.course import ASSIGNMENTS, BETAS, PREDICTORS, SWISS_ROLL_RUN, run_folder
from labkit.errors import CourseError
from labkit.training.run import RunError, RunFolder

MAX_FILES = 1000
MAX_BYTES = 2 * 2**30  # five runs of the profile `gpu` make half of it
STUDENT_NAME = re.compile(r"\w(?:[\w .@-]*\w)?")
TIMESTAMP = "timestamp.txt"

_RUNS = {
    "task1_swiss_roll": [SWISS_ROLL_RUN],
    "task2_images": [
        *(run_folder(predictor, "linear") for predictor in PREDICTORS),
        *(run_folder("x0", beta) for beta in BETAS if beta != "linear"),
    ],
}
_HALF_WRITTEN = (".tmp", ".part", ".lock")  # what a killed process left


@dataclass(frozen=True)
class Submitted:
    """What `submit` wrote, and what it missed: one sentence each."""

    path: Path
    files: list[str]
    missing: list[str]


def submit(folder: Path, student: str, into: Path = Path(".")) -> Submitted:
    """Packs an assignment's folder (named like the assignment) into the zip <student>.zip in `into`.

    A folder that is not here is looked for above: JupyterLab's terminals open inside the course.
    Notebooks and runs are taken, of each run the newest checkpoint alone. Raises CourseError, with nothing
    written, where the folder is no assignment's or holds none of its notebooks.
    """
    here = Path.cwd()
    folder = next((at / folder for at in (here, *here.parents) if (at / folder).is_dir()), folder).resolve()
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
    if not STUDENT_NAME.fullmatch(student):
        raise CourseError(
            f"{student!r} cannot name a zip: it may have letters, digits and . _ - @ only. "
            "Give your name with --student."
        )
    target = into / f"{student}.zip"

    def pack(part: Path) -> None:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in files:
                archive.write(folder / name, f"{folder.name}/{name}")
            archive.writestr(f"{folder.name}/{TIMESTAMP}", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n")

    write_atomically(target, pack)
    return Submitted(target, files, missing)


def _unfinished(path: Path) -> list[str]:
    try:
        cells = nbformat.read(path, as_version=4).cells
    except Exception:  # whatever a broken file makes nbformat raise
        return [f"{path.name} is not a readable notebook; restore it from your last good copy."]
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    empty = dict.fromkeys(todo for source in sources for todo in empty_todos(source))
    words = [
        f"The answer in words to {cell.metadata.nbgrader.grade_id} in {path.name} is still empty."
        for cell in cells
        if cell.cell_type == "markdown"
        and "Write your answer here" in cell.source
        and "nbgrader" in cell.metadata
    ]
    return [f"TODO {todo} in {path.name} is still empty." for todo in empty] + words


def _run_files(folder: Path) -> list[Path]:
    files = [
        path
        for path in sorted((folder / "results").rglob("*"))
        if path.is_file() and not path.is_symlink() and path.suffix not in _HALF_WRITTEN
    ]
    newest = {path.parent: path for path in files if path.parent.name == "checkpoints"}
    return [path for path in files if newest.get(path.parent, path) == path]

"""What `labkit submit` hands in: an assignment's notebooks and runs, in one zip."""

import hashlib
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from labkit.atomic import write_atomically
from labkit.course.predictions.kept import FILE as GUESSES
from labkit.course.syllabus import TASKS, names_of
from labkit.errors import CourseError
from labkit.grading.intake.recognise import COURSE, EMPTY_WORDS, Choice, choices_in
from labkit.notebooks.cells import empty_todos, why_no_python
from labkit.notebooks.reading import cells_in, mark_of
from labkit.notebooks.size import advice_on_size
from labkit.training.run import RunError, RunFolder

MAX_FILES = 1000
MAX_BYTES = 2 * 2**30  # five runs of the profile `gpu` make half of it
ALLOWED = "letters, digits, apostrophes, spaces and . _ - @"
"""What a student's name may have, as error messages say it."""
LARGE = 20 * 2**20
"""Bytes of a notebook that get a warning: a lesson with all its outputs has less than 2 MB."""
TIMESTAMP = "timestamp.txt"

_NAME = re.compile(r"\w(?:[\w .@'’-]*\w)?")
_JOINER = re.compile(r"(?<=[^\x00-\x7f])[\u200c\u200d](?=[^\x00-\x7f])")

_HALF_WRITTEN = (".tmp", ".part", ".lock")  # what a killed process left


@dataclass(frozen=True)
class Submitted:
    """What `submit` wrote, what it missed, and what grading would trip over: one sentence each."""

    path: Path
    files: list[str]
    missing: list[str]
    warnings: list[str]


def submit(folder: Path, student: str, into: Path | None = None) -> Submitted:
    """Packs an assignment's folder (named like the assignment) into the zip <student>.zip in `into`.

    Without `into` the zip lies among the notebooks in that folder: there JupyterLab's file browser shows it,
    wherever its root is, and the zip of another assignment has another place. A folder that is not here is
    looked for above: JupyterLab's terminals open inside the course.
    Notebooks and runs are taken, of each run the newest checkpoint alone. Raises CourseError, with nothing
    written, where the folder is no assignment's or holds none of its notebooks.
    """
    here = Path.cwd()
    folder = next((at / folder for at in (here, *here.parents) if (at / folder).is_dir()), folder).resolve()
    if folder.name not in TASKS:
        raise CourseError(
            f"{folder} is not the folder of an assignment. Name one that is called {' or '.join(TASKS)}."
        )
    choices = {one.counts.lesson: one for one in choices_in(folder, COURSE, folder.name)}
    if not choices:
        raise CourseError(f"{folder} holds none of the notebooks of {folder.name}; nothing was packed.")
    notebooks = [notebook.name for choice in choices.values() for notebook in (choice.counts, *choice.others)]
    missing = [f"{name}.ipynb is missing." for name in names_of(folder.name) if name not in choices]
    warnings = []
    for choice in choices.values():
        warnings += _renamed(choice)
        missing_here, warnings_here = _look_into(folder / choice.counts.name)
        missing, warnings = missing + missing_here, warnings + warnings_here
    for run in (run for lesson in TASKS[folder.name] for run in lesson.runs):
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
    name = student_name(student)
    if name is None:
        raise CourseError(
            f"{student!r} cannot name a zip: it may have {ALLOWED} only. Give your name with --student."
        )
    target = (into or folder).resolve() / f"{name}.zip"

    def pack(part: Path) -> None:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in files:
                archive.write(folder / name, f"{folder.name}/{name}")
            archive.writestr(f"{folder.name}/{TIMESTAMP}", f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n")

    write_atomically(target, pack)
    return Submitted(target, files, missing, warnings)


def student_name(text: str) -> str | None:
    """A student's name in the form in which equal names are equal (NFC); None where it cannot name a file.

    Marks that are combined with a letter belong to it, as in Hindi or Thai; so do the joiners between them.
    """
    name = unicodedata.normalize("NFC", text)
    letters = "".join(sign for sign in name if unicodedata.category(sign) not in ("Mn", "Mc"))
    starts_well = name[:1] == letters[:1]
    return name if starts_well and _NAME.fullmatch(_JOINER.sub("", letters)) else None


def _renamed(choice: Choice) -> list[str]:
    """What becomes of copies: the grader takes one of them, and the student should know which."""
    own, counts = f"{choice.counts.lesson}.ipynb", choice.counts.name
    said = [f"You worked in {counts!r}, and {choice.why}: rename yours to {own}."] if choice.why else []
    for other in choice.others:
        said.append(f"{other.name!r} is not graded, {counts!r} is: where that is wrong, rename them.")
    return said


def _look_into(path: Path) -> tuple[list[str], list[str]]:
    """What is still empty in a notebook, and what grading would trip over."""
    try:
        cells = cells_in(path)
    except ValueError:
        return [f"{path.name} is not a readable notebook; restore it from your last good copy."], []
    sources = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    todos = dict.fromkeys(todo for source in sources for todo in empty_todos(source))
    empty = [f"TODO {todo} in {path.name} is still empty." for todo in todos]
    empty += [
        f"The answer in words to {mark_of(cell)['grade_id']} in {path.name} is still empty."
        for cell in cells
        if cell["cell_type"] == "markdown" and EMPTY_WORDS in cell["source"] and mark_of(cell)
    ]
    warnings = []
    if (size := path.stat().st_size) > LARGE:
        warnings.append(f"{path.name} has {size / 2**20:.0f} MB, {advice_on_size(size, cells)}")
    warnings += [
        f"The code of {mark_of(cell)['grade_id']} in {path.name} does not run: {why}."
        for cell in cells
        if cell["cell_type"] == "code" and mark_of(cell).get("solution")
        if (why := why_no_python(cell["source"]))
    ]
    warnings += [
        f"Cell {mark_of(cell)['grade_id']} in {path.name} was edited; grading puts it back as it was. "
        "Write what you need into your answer, or into a cell of your own."
        for cell in cells
        if _was_edited(cell)
    ]
    return empty, warnings


def _was_edited(cell: dict[str, Any]) -> bool:
    """Whether a locked cell differs from the one that was released: nbgrader's checksum in it tells."""
    mark = mark_of(cell)
    if not (mark.get("locked") and isinstance(mark.get("checksum"), str)) or mark["grade_id"] == "imports":
        return False
    parts = [cell["source"], cell["cell_type"], bool(mark.get("grade")), bool(mark.get("solution")), True]
    parts.append(mark["grade_id"])
    if mark.get("grade"):
        try:
            parts.append(float(mark["points"]))
        except (KeyError, TypeError, ValueError, OverflowError):  # nbgrader writes a number
            return True
    return (
        hashlib.md5("".join(map(str, parts)).encode(errors="replace"), usedforsecurity=False).hexdigest()
        != mark["checksum"]
    )


def _run_files(folder: Path) -> list[Path]:
    files = [
        path
        for path in sorted((folder / "results").rglob("*"))
        if path.is_file()
        and not path.is_symlink()
        and path.suffix not in _HALF_WRITTEN
        and not path.name.startswith(GUESSES.name)
    ]
    newest = {path.parent: path for path in files if path.parent.name == "checkpoints"}
    return [path for path in files if newest.get(path.parent, path) == path]

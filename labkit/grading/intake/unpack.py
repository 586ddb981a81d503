"""Which files of a submission are taken, and where they belong."""

import filecmp
import os
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import cast

from labkit.course.hand_in import MAX_BYTES, MAX_FILES, TIMESTAMP
from labkit.errors import CourseError
from labkit.grading.intake.inbox import lms_student
from labkit.grading.intake.members import NOTEBOOK, Member, copy_member
from labkit.grading.intake.recognise import MOST_BYTES, Lessons, Notebook, choose, named, recognise

_RESULTS = "results"
_MOST_READ = 100 * 2**20
"""Bytes of all notebooks whose cells are looked at; of those after them the name alone counts."""


@dataclass(frozen=True)
class Unpacked:
    """What was written: the lessons that are there, remarks, and the date of the youngest file."""

    lessons: set[str]
    remarks: list[str]
    youngest: datetime | None


@dataclass(frozen=True)
class _Found:
    member: Member
    file: Path
    notebook: Notebook

    @property
    def folder(self) -> PurePosixPath:
        return self.member.path.parent


def unpack(members: list[Member], assignment: str, lessons: Lessons, target: Path) -> Unpacked:
    """Writes the notebooks and results/ of a submission into the new folder `target`.

    Notebooks of the assignment are taken wherever they lie, under the names that they have. Raises
    CourseError where there is none, and for whatever is unsafe among what is taken; the rest does not matter.
    """
    if len(people := _people(members)) > 1:
        raise CourseError(f"it holds files of {' and '.join(people[:2])}: unpack it, and name its folder")
    notebooks = [member for member in members if member.is_notebook]
    if not notebooks:
        raise CourseError(_no_notebook(members))
    _require_good(notebooks)
    target.mkdir()
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        found, left = _look_at(notebooks, assignment, lessons, Path(scratch))
        mine = [one for one in found if one.notebook.assignment == assignment]
        _require_one_submission(found, mine, assignment)
        root = _root(mine, assignment)
        mine.sort(key=lambda one: one.folder != root)  # what lies elsewhere gives way
        beside = [one for one in found if one.folder == root and not one.notebook.assignment]
        placed = [notebook for one in [*mine, *beside] if (notebook := _place(one, target))]
    choices = choose(placed)
    remarks = [remark for choice in choices for remark in choice.remarks]
    remarks += _about_others(found, root, assignment)

    stamps = [member for member in members if member.path == root / TIMESTAMP]
    taken = {one.member for one in [*mine, *beside]}
    rest = [member for member in members if member not in taken and member not in stamps]
    results, said = _results(rest, root)
    runs = [member for member in rest if results and member.path.is_relative_to(results)]
    _require_good([*stamps, *runs, *(one.member for one in [*mine, *beside])])
    taken.update(runs)
    for member in stamps:
        left -= _write(member, target / TIMESTAMP, left)
    for member in runs:
        left -= _write(
            member, target / _RESULTS / member.path.relative_to(cast(PurePosixPath, results)), left
        )
    has = {choice.counts.lesson for choice in choices}
    said += _about_the_rest(
        [one for one in rest if one not in taken], lessons.get(assignment, {}).keys() - has
    )
    youngest = max((member.when for member in taken if member.when), default=None)
    return Unpacked(has, [*remarks, *said], youngest)


def _look_at(
    notebooks: list[Member], assignment: str, lessons: Lessons, scratch: Path
) -> tuple[list[_Found], int]:
    """The notebooks, copied and recognised; and how many bytes may still be unpacked."""
    found, left = [], MAX_BYTES
    for i, member in enumerate(notebooks):
        file, name = scratch / f"{i}.ipynb", NOTEBOOK.sub(".ipynb", member.path.name)
        most = min(MOST_BYTES, _MOST_READ - (MAX_BYTES - left))
        left -= copy_member(member, file, left)
        found.append(_Found(member, file, recognise(file, lessons, assignment, name, most)))
    return found, left


def _about_others(found: list[_Found], root: PurePosixPath, assignment: str) -> list[str]:
    """What an instructor should know of notebooks that are not where, or what, they should be."""
    remarks = []
    if others := sorted({one.notebook.assignment for one in found} - {"", assignment}):
        remarks.append(f"it holds notebooks of {' and '.join(others)} too, which were not taken")
    if unknown := [one.member.name for one in found if one.folder == root and not one.notebook.assignment]:
        remarks.append(f"none of the lessons: {named(unknown)}")
    far = [one for one in found if one.folder != root and one.notebook.assignment == assignment]
    if far:
        remarks.append(f"taken along from other folders: {named([one.member.name for one in far])}")
    return remarks


def _about_the_rest(rest: list[Member], lacking: set[str]) -> list[str]:
    """What may hold work, and was not looked at."""
    remarks = []
    if archives := [member.name for member in rest if member.is_archive]:
        remarks.append(f"not opened: {named(archives)}")
    others = [member for member in rest if not member.is_archive and not member.is_notebook]
    if alike := [one.name for one in others if any(lesson in one.path.name.lower() for lesson in lacking)]:
        remarks.append(f"named like a lesson that is missing, and no notebook: {named(alike)}")
    return remarks


def _people(members: list[Member]) -> list[str]:
    """The students whom an LMS names in it: a download of a whole class is nobody's submission."""
    parts = {part for member in members for part in member.path.parts[:2] if member.is_notebook}
    return sorted({name for part in parts if (name := lms_student(part))})


def _require_good(members: list[Member]) -> None:
    if len(members) > MAX_FILES:
        raise CourseError(f"it holds {len(members)} files, {MAX_FILES} are allowed")
    if bad := [member.trouble for member in members if member.trouble]:
        raise CourseError(bad[0])
    if twice := [path for path, n in Counter(member.path for member in members).items() if n > 1]:
        raise CourseError(f"it holds {str(twice[0])!r} twice")


def _require_one_submission(found: list[_Found], mine: list[_Found], assignment: str) -> None:
    others = sorted({one.notebook.assignment for one in found} - {""})
    if not mine:
        question = f"; is it {others[0]}?" if others else ""
        raise CourseError(f"it holds no notebook of {assignment}{question}")
    zips: dict[str, set[str]] = {}
    for one in mine:
        zips.setdefault(one.notebook.lesson, set()).add(one.member.inside)
    for lesson, names in zips.items():
        if len(names) > 1:
            raise CourseError(f"{' and '.join(sorted(names)[:2])} in it both hold {lesson}: unpack it")


def _no_notebook(members: list[Member]) -> str:
    archives = [repr(member.name) for member in members if member.is_archive]
    return "it holds no notebook" + (f", and {archives[0]} in it cannot be opened" if archives else "")


def _root(mine: list[_Found], assignment: str) -> PurePosixPath:
    """The folder where the assignment's notebooks lie, however deep it was packed."""
    held = {
        folder: {one.notebook.lesson for one in mine if one.folder == folder}
        for folder in {one.folder for one in mine}
    }
    return max(held, key=lambda at: (at.name == assignment, len(held[at]), -len(at.parts), str(at)))


def _place(one: _Found, target: Path) -> Notebook | None:
    """Move a notebook to its name, or to one with its folder where that is taken; None for the same file."""
    stem, name, number = PurePosixPath(one.notebook.name).stem, one.notebook.name, 1
    while (target / name).exists():
        if filecmp.cmp(one.file, target / name, shallow=False):
            return None
        name = f"{stem} ({one.folder.name or number}).ipynb" if number == 1 else f"{stem} ({number}).ipynb"
        number += 1
    os.replace(one.file, target / name)
    return replace(one.notebook, name=name)


def _results(members: list[Member], root: PurePosixPath) -> tuple[PurePosixPath | None, list[str]]:
    """The folder of the runs: beside the notebooks, else the only one that there is."""
    above = [folders for member in members if (folders := _above(member))]
    if not above or any(root / _RESULTS in folders for folders in above):
        return root / _RESULTS, []
    # The notebooks' own folder may be called so, or lie in one that is: what is in it are not runs alone.
    apart = [[folder for folder in folders if not root.is_relative_to(folder)] for folders in above]
    if len(outermost := {folders[0] for folders in apart if folders}) == 1:
        return (only := outermost.pop()), [f"its {_RESULTS}/ was taken from {str(only)!r}"]
    return None, [f"no {_RESULTS}/ lies beside its notebooks, and others were not taken"]


def _above(member: Member) -> list[PurePosixPath]:
    """The folders called results/ that a file lies in; a link may be one itself."""
    parts = member.path.parts if member.trouble else member.path.parts[:-1]
    return [PurePosixPath(*parts[: i + 1]) for i, part in enumerate(parts) if part == _RESULTS]


def _write(member: Member, path: Path, left: int) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return copy_member(member, path, left)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise CourseError(f"{member.name!r} is a file and a folder") from None

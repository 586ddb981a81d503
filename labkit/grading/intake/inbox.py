"""What lies in an inbox, and whose it is: that is said by the names, which the LMS or the instructor gave."""

import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from labkit.course.hand_in import ALLOWED, student_name
from labkit.grading.intake.members import ARCHIVE, NOTEBOOK

MAX_NAME = 200
"""Bytes of a student's name: of the 255 that a file's name may have, logs and marks take some."""

_LMS = (
    # Moodle: Ann Lee_12345_assignsubmission_file_/02.ipynb, or with that name in front of the file's.
    r"(?P<student>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?",
    # Canvas: leeann_LATE_12345_67890_02-1.ipynb, where -1 says that it was handed in again.
    r"(?P<student>[^_]+)(?:_LATE)?_(?P<id>\d{3,})_\d{3,}_(?P<file>.+)",
    # Blackboard: Task 1_ann_attempt_2026-11-20-12-00-00_02.ipynb
    r".*_(?P<student>[^_]+)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<file>.*))?",
    # nbgrader's exchange: ann+task1_swiss_roll+2026-11-20 12:00:00 UTC+random
    r"(?P<student>[^+]+)\+[^+]+\+[^+]+(?:\+.*)?",
)

_RECEIPT = re.compile(r".*_(?P<student>[^_]+)_attempt_\d{4}(?:-\d\d){5}\.txt")
"""What Blackboard writes beside each attempt"""

_SUFFIX = re.compile(rf"\.zip$|{NOTEBOOK.pattern}", re.IGNORECASE)
_DOWNLOADED_AGAIN = re.compile(r" ?\(\d+\)$")
_HANDED_IN_AGAIN = re.compile(r"-\d+(?=\.\w+$)")
_LITTER = {"thumbs.db", "desktop.ini", "__macosx"}


@dataclass(frozen=True)
class Source:
    """A submission in the inbox: a zip, a folder, or the loose notebooks of one student."""

    label: str
    student: str
    path: Path
    """the zip or the folder; of loose notebooks the first"""
    loose: dict[str, Path] = field(default_factory=dict)
    """the name that the student gave → the file"""
    when: datetime | None = None
    """when it was handed in, where the LMS says so in the name"""
    lms_id: str = ""
    together: str = ""
    """the LMS's folder where it is one of several parts"""
    apart: frozenset[str] = frozenset()
    """names in the folder that are parts of their own"""
    aside: str = ""
    """why it is none, and nothing is wrong with that"""
    refused: str = ""


def sources_in(inbox: Path) -> list[Source]:
    """A source for all that lies there, but for litter; what cannot be one is refused with a reason."""
    sources: list[Source] = []
    loose: dict[tuple, list[Source]] = {}
    for path in sorted(inbox.iterdir()):
        if _is_litter(path.name):
            continue
        for one in _sources_of(path):
            if one.loose and not one.refused:
                loose.setdefault((one.student, one.lms_id, one.when), []).append(one)
            else:
                sources.append(one)
    sources += [_together(group) for group in loose.values()]
    return sorted(_told_apart(sources), key=lambda one: one.label)


def lms_student(name: str) -> str:
    """The student in an LMS's name for a file or folder, or nothing."""
    match = _match(name)
    return match["student"] if match else ""


def shown(name: str) -> str:
    """A file's name as a terminal may show it: without control characters and broken bytes."""
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in name
    )


def _sources_of(path: Path) -> Iterator[Source]:
    """One source; of an LMS's folder of a student's zips one for each, and for what lies beside them."""
    label, match = shown(path.name), _match(path.name)
    stem = path.name if path.is_dir() else _SUFFIX.sub("", path.name)
    student = match["student"] if match else _DOWNLOADED_AGAIN.sub("", stem)
    said = match.groupdict() if match else {}
    source = Source(label, student, path, when=_moment(said.get("when")), lms_id=said.get("id") or "")
    if path.is_dir():
        for part in _parts_of(source) if match else [source]:
            yield _checked(part)
    elif receipt := _RECEIPT.fullmatch(path.name):
        yield _checked(
            replace(source, student=receipt["student"], aside="Blackboard's own note of an attempt")
        )
    elif NOTEBOOK.search(path.name):
        name = said.get("file") or path.name
        why = "" if match else "whose it is, its name does not say: put it into a folder named by student"
        yield _checked(replace(source, loose={name: path}, refused=why))
    else:
        yield _checked(source)


def _parts_of(folder: Source) -> Iterator[Source]:
    """Each zip in an LMS's folder of a student; what else is work there; and each file that is none."""
    try:
        inside = [path for path in sorted(folder.path.iterdir()) if not _is_litter(path.name)]
    except OSError:
        inside = []  # it is said where the folder is read
    zips = [path for path in inside if path.suffix.lower() == ".zip"]
    if not zips:
        yield folder
        return
    work = [path for path in inside if path not in zips and _may_be_work(path)]
    apart = [path for path in inside if path not in work]
    for path in apart:
        aside = "" if path in zips else "it is no notebook and no archive, and lies beside a zip"
        label = f"{folder.label}/{shown(path.name)}"
        yield replace(folder, label=label, path=path, together=folder.label, aside=aside)
    if work:
        yield replace(folder, together=folder.label, apart=frozenset(path.name for path in apart))


def _may_be_work(path: Path) -> bool:
    return path.is_dir() or bool(NOTEBOOK.search(path.name) or ARCHIVE.search(path.name))


def _checked(source: Source) -> Source:
    """With the student's name as it is written in the course, and refused where it cannot be taken."""
    name = student_name(source.student)
    why = source.refused or ("" if source.aside else _is_nothing(source.path))
    if not why and name is None:
        why = f"a student's name may have {ALLOWED} only; rename it"
    elif not why and name is not None and len(name.encode()) > MAX_NAME:
        why = f"the name has more than {MAX_NAME} bytes"
    return replace(source, student=name or shown(source.student), refused=why)


def _is_nothing(path: Path) -> str:
    """Why this can be no submission, by its kind."""
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    if stat.S_ISDIR(mode) or (stat.S_ISREG(mode) and _SUFFIX.search(path.name)):
        return ""
    if stat.S_ISLNK(mode):
        return "it is a link: put what it leads to in its place"
    if not stat.S_ISREG(mode):
        return "it is neither a file nor a folder"
    try:
        if zipfile.is_zipfile(path):
            return "it may be a zip, but its name does not end in .zip: rename it to STUDENT.zip"
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    return "it is no zip, no notebook and no folder; unpack an archive into a folder named by student"


def _together(group: list[Source]) -> Source:
    """The loose notebooks of one student as one submission."""
    files: dict[str, Path] = {}
    for name, path in (item for one in group for item in one.loose.items()):
        plain = _HANDED_IN_AGAIN.sub("", name)
        free = plain if plain not in files else name if name not in files else path.name
        files[free] = path
    label = ", ".join(one.label for one in group)
    return replace(group[0], label=label, loose=files)


def _told_apart(sources: list[Source]) -> Iterator[Source]:
    """Refuses what an LMS has of two people of one name."""
    ids: dict[str, set[str]] = {}
    for one in sources:
        if one.lms_id:
            ids.setdefault(one.student, set()).add(one.lms_id)
    for one in sources:
        people = ids.get(one.student, set())
        if len(people) > 1 and not one.refused:
            named = f"{len(people)} people are called so ({', '.join(sorted(people))})"
            one = replace(one, refused=f"{named}: put each one's files into a folder with a name of its own")
        yield one


def _match(name: str) -> re.Match[str] | None:
    return next((found for pattern in _LMS if (found := re.fullmatch(pattern, name))), None)


def _moment(text: str | None) -> datetime | None:
    """Blackboard's time, which has no zone: this machine's is taken."""
    try:
        return datetime.strptime(text, "%Y-%m-%d-%H-%M-%S").astimezone(UTC) if text else None
    except (ValueError, OverflowError):
        return None


def _is_litter(name: str) -> bool:
    """Whether the system put it there. A hidden zip is none."""
    return name.lower() in _LITTER or name.startswith("._") or (name[0] == "." and not _SUFFIX.search(name))

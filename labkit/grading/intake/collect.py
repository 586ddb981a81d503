"""Students' submissions, taken safely from an inbox into a course by `labkit collect`."""

import os
import tempfile
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from labkit.course.hand_in import TIMESTAMP
from labkit.errors import CourseError
from labkit.grading.course_folder import Course
from labkit.grading.intake.dates import timestamp_in, write_time
from labkit.grading.intake.inbox import Source, sources_in
from labkit.grading.intake.lessons import lessons_of
from labkit.grading.intake.members import loose, members_in
from labkit.grading.intake.recognise import Lessons, choices_in
from labkit.grading.intake.unpack import Unpacked, unpack

_CLOCKS = timedelta(days=1)
"""So far ahead may a student's clock be, or the zone that it was set to."""


@dataclass(frozen=True)
class Collected:
    """What became of one thing in the inbox; `status` is new, replaced, unchanged, refused or left out."""

    zip: str
    student: str
    status: str
    reason: str = ""


def collect(course: Course, assignment: str, inbox: Path) -> list[Collected]:
    """Takes what lies in `inbox`, named by student, to submitted/<student>/<assignment>.

    What is broken, too large, of another assignment, or has paths or links that lead elsewhere is refused
    with a reason and the others are collected. A submission with an older timestamp is replaced as a whole,
    and kept in submitted_before/; a newer one stays. Raises CourseError where there is no `inbox`, nothing
    in it, or submissions cannot be written.
    """
    if not inbox.is_dir():
        raise CourseError(f"There is no folder {inbox}. Name the one with your students' zips.")
    sources = sources_in(inbox)
    if not sources:
        raise CourseError(
            f"There are no zips in {inbox}, and no folders. "
            "Put each student's there, named like the student: ann.zip."
        )
    submitted = course.step("submitted")
    try:
        submitted.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=submitted, prefix=".collect-") as scratch:
            intake = _Intake(assignment, submitted, lessons_of(course))
            return [intake.take(source, Path(tempfile.mkdtemp(dir=scratch))) for source in sources]
    except PermissionError as error:
        raise CourseError(
            f"{submitted} cannot be written: {error.strerror}. Check its permissions."
        ) from None


@dataclass(frozen=True)
class _Intake:
    assignment: str
    submitted: Path
    lessons: Lessons
    parts: dict[str, tuple[str, set[str]]] = field(default_factory=dict)
    """what was handed in together → its first part, and the lessons in that"""

    def take(self, source: Source, scratch: Path) -> Collected:
        """Puts one submission in its place; refused is whatever cannot be read, for whatever reason."""
        if source.refused:
            return Collected(source.label, source.student, "refused", source.refused)
        if source.aside:
            return Collected(source.label, source.student, "left out", source.aside)
        if source.student in self.lessons:
            why = "it is named like an assignment, and not like a student: rename it"
            return Collected(source.label, source.student, "refused", why)
        fresh = scratch / "fresh"
        try:
            unpacked = self._unpack(source, fresh)
        except zipfile.BadZipFile as error:
            why = f"it is no whole zip ({error}): download it again"
            return Collected(source.label, source.student, "refused", why)
        except Exception as error:  # whatever a broken or hostile zip makes the reader raise
            return Collected(source.label, source.student, "refused", str(error) or type(error).__name__)
        first, lessons = self.parts.setdefault(
            source.together or source.label, (source.label, unpacked.lessons)
        )
        if lessons != unpacked.lessons:
            other = f"{first}, handed in with it, holds {_listed(lessons)}"
            why = f"it holds {_listed(unpacked.lessons)}, and {other}: unpack both into one folder"
            return Collected(source.label, source.student, "refused", why)
        when, said = _when(source, fresh, unpacked)
        write_time(fresh, when)
        status, reasons = self._put(source.student, fresh, when, unpacked)
        if status != "unchanged":
            reasons += [*said, *unpacked.remarks]
        return Collected(source.label, source.student, status, "; ".join(one.rstrip(".") for one in reasons))

    def _unpack(self, source: Source, fresh: Path) -> Unpacked:
        if source.loose:
            return unpack(loose(source.loose), self.assignment, self.lessons, fresh)
        with members_in(source.path, fresh.parent, source.apart) as members:
            return unpack(members, self.assignment, self.lessons, fresh)

    def _put(self, student: str, fresh: Path, when: datetime, unpacked: Unpacked) -> tuple[str, list[str]]:
        """Moves it to its place, unless what is there is as new; what was there before is kept."""
        home = self.submitted / student / self.assignment
        home.parent.mkdir(exist_ok=True)
        if not home.exists():
            os.replace(fresh, home)
            return "new", []
        before = timestamp_in(home)
        if before is not None and when.replace(microsecond=0) <= before.replace(microsecond=0):
            return self._stopped(home, before, when, unpacked)
        kept = self._keep(home, student, before)
        os.replace(fresh, home)
        said = [f"by the submission of {when:%Y-%m-%d %H:%M} UTC", f"the one before is kept in {kept}"]
        earlier = choices_in(self.submitted.parent / kept, self.lessons, self.assignment)
        if gone := {choice.counts.lesson for choice in earlier} - unpacked.lessons:
            said.append(f"it lacks {_listed(gone)}, which the one before has")
        return "replaced", said

    def _stopped(
        self, home: Path, before: datetime, when: datetime, unpacked: Unpacked
    ) -> tuple[str, list[str]]:
        """An older one gives way, whatever it holds; of two of one time nobody knows which should."""
        stays = f"the submission of {before:%Y-%m-%d %H:%M} UTC stays"
        there = choices_in(home, self.lessons, self.assignment)
        lost = unpacked.lessons - {choice.counts.lesson for choice in there}
        if not lost:
            return "unchanged", [stays]
        if when.replace(microsecond=0) < before.replace(microsecond=0):
            return "unchanged", [f"{stays}, and lacks {_listed(lost)}, which this one has"]
        why = f"it has {_listed(lost)}, which the submission of the same time lacks"
        return "refused", [f"{why}: put both into one folder"]

    def _keep(self, home: Path, student: str, before: datetime | None) -> Path:
        """Moves a submission to where grading does not read; returns the place, from the course's folder."""
        root = self.submitted.parent
        folder = Path(f"{self.submitted.name}_before", student, self.assignment)
        (root / folder).mkdir(parents=True, exist_ok=True)
        named = f"{before:%Y-%m-%d_%H-%M-%S}" if before else "undated"
        number = 1
        while (root / folder / (name := named if number == 1 else f"{named}_{number}")).exists():
            number += 1
        os.replace(home, root / folder / name)
        return folder / name


def _listed(lessons: set[str]) -> str:
    return ", ".join(sorted(lessons))


def _when(source: Source, fresh: Path, unpacked: Unpacked) -> tuple[datetime, list[str]]:
    """When it was handed in, and how that is known where no timestamp says it.

    A time in the future would keep every later submission out.
    """
    now = datetime.now(UTC)
    time = timestamp_in(fresh)
    if time and time <= now + _CLOCKS:
        return time, []
    if time:
        why = f"its {TIMESTAMP} lies in the future"
    else:
        why = f"its {TIMESTAMP} holds no date" if (fresh / TIMESTAMP).exists() else f"it has no {TIMESTAMP}"
    if time := source.when:
        by = "the LMS's name for it"
    elif time := unpacked.youngest:
        by = "its youngest file"
    else:
        time, by = datetime.fromtimestamp(source.path.stat().st_mtime, UTC), "the date of the file itself"
    time = min(time, now)
    return time, [f"{why}: {by} counts, {time.astimezone():%Y-%m-%d %H:%M} in this machine's time zone"]

"""Is a submission graded already, as it is now? Then a run that was stopped need not grade it again."""

import hashlib
from functools import cache
from pathlib import Path

from nbgrader.api import MissingEntry

import labkit
from labkit.grading.course_folder import CONFIG, Course
from labkit.grading.isolation import UNSAFE


def grading_key(course: Course, assignment: str, student: str, isolation: str) -> str:
    """A hash of all that the points depend on: submission, release, settings, sandbox, and labkit itself.

    labkit's wheel, which a release brings along for the students, is none of it.
    """
    digest = hashlib.sha256(_labkit() + (UNSAFE.encode() if isolation == UNSAFE else b""))
    folders = (course.step("submitted") / student / assignment, course.step("release") / assignment)
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix != ".whl"]
    for path in [course.root / CONFIG, *files]:
        if path.is_file() and not path.is_symlink():
            digest.update(
                f"\0{path.relative_to(course.root)}\0{path.stat().st_size}\0".encode(errors="surrogateescape")
            )
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    with course.gradebook() as gradebook:  # the hidden tests are there alone
        for notebook in gradebook.find_assignment(assignment).notebooks:
            for cell in sorted(notebook.source_cells, key=lambda one: one.name):
                digest.update(f"\0{notebook.name}\0{cell.name}\0{cell.source}".encode(errors="replace"))
    return digest.hexdigest()


@cache
def _labkit() -> bytes:
    digest = hashlib.sha256()
    for path in sorted(Path(labkit.__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()


def mark_of(course: Course, assignment: str, student: str) -> Path:
    """The file that is there once a submission is graded; it holds the key."""
    return course.root / "logs" / assignment / f"{student}.graded"


def is_graded(course: Course, assignment: str, student: str, key: str) -> bool:
    """Whether its points in the gradebook, its notebooks and its feedback are those of this key."""
    mark = mark_of(course, assignment, student)
    folders = [course.step(step) / student / assignment for step in ("autograded", "feedback")]
    if not (mark.is_file() and mark.read_text(encoding="utf-8") == key and all(map(Path.is_dir, folders))):
        return False
    with course.gradebook() as gradebook:
        try:
            gradebook.find_submission(assignment, student)
        except MissingEntry:
            return False
    return True

"""The folders of this machine in which submissions are graded: a killed run cannot tidy its own away."""

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from labkit.grading.course_folder import Course


def scratch(course: Course, assignment: str) -> tempfile.TemporaryDirectory:
    """A folder for one submission, which holds a copy of the gradebook meanwhile."""
    return tempfile.TemporaryDirectory(prefix=_prefix(course, assignment))


def clean(course: Course, assignment: str) -> None:
    """Remove what earlier runs have left; for whoever has the assignment's lock."""
    for path in Path(tempfile.gettempdir()).glob(f"{_prefix(course, assignment)}*"):
        with suppress(FileNotFoundError):  # others come and go in that folder
            if path.lstat().st_uid == os.geteuid():
                shutil.rmtree(path, ignore_errors=True)


def _prefix(course: Course, assignment: str) -> str:
    which = hashlib.sha256(f"{course.root}\0{assignment}".encode(errors="surrogateescape"))
    return f"labkit-{which.hexdigest()[:12]}-"

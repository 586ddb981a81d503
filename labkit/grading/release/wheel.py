"""The course's own package beside the released notebooks: lessons install it where it is missing."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import labkit
from labkit.atomic import write_atomically
from labkit.errors import CourseError

CHECKOUT = Path(labkit.__file__).parents[1]
"""Where labkit runs from: the course's own repository, or the packages of a Python"""


def put_wheel(folder: Path) -> Path:
    """Builds labkit's wheel in `folder`, from the checkout that labkit runs from; returns the file.

    Those of other versions go from there. Nothing is downloaded. Raises CourseError where labkit runs from no
    checkout, or it cannot be built.
    """
    if not (CHECKOUT / "pyproject.toml").is_file():
        raise CourseError(
            f"No wheel was put beside the notebooks: labkit runs from {CHECKOUT}, not from a copy of the "
            f"course's repository. Put the wheel that it was installed from into {folder} yourself, "
            "or set ColabLink.repository in nbgrader_config.py."
        )
    with tempfile.TemporaryDirectory() as scratch:
        sources, built = Path(scratch) / "sources", Path(scratch) / "built"
        _copy_sources(sources)
        program = f"from setuptools.build_meta import build_wheel; build_wheel({str(built)!r})"
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, cwd=sources, capture_output=True, text=True, check=False)
        if done.returncode:
            reason = (done.stderr.strip() or "setuptools was stopped").splitlines()[-1].rstrip(".")
            raise CourseError(
                f"No wheel was put beside the notebooks: {reason}. "
                "What builds it comes with `pip install -e '.[grading]'` in the course's folder."
            )
        (wheel,) = built.glob("*.whl")
        target = folder / wheel.name
        write_atomically(target, lambda part: shutil.copyfile(wheel, part))
    for other in folder.glob(f"{wheel.name.partition('-')[0]}-*.whl"):
        if other != target:
            other.unlink()  # lessons install the last by name, and 0.9 stands behind 0.10
    return target


def _copy_sources(target: Path) -> None:
    """What the wheel is made of. setuptools writes beside it, and packs what an earlier build left there."""
    shutil.copytree(CHECKOUT / "labkit", target / "labkit", ignore=shutil.ignore_patterns("__pycache__"))
    for path in (CHECKOUT / "pyproject.toml", CHECKOUT / "README.md", *CHECKOUT.glob("LICENSE*")):
        shutil.copy(path, target)

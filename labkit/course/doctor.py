"""Is this machine fit for the course? What was found, and what to do where it is not."""

import contextlib
import html
import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil
from packaging.requirements import Requirement

from labkit.course.syllabus import LESSONS, assignment_of
from labkit.errors import CourseError

PACKAGE = "ddpm-lab"
CGROUP = Path("/sys/fs/cgroup")
"""Where Linux tells a container what it may take."""
MEMORY_GB = 3.0
"""Free memory in which lesson 07 trains in the profile `cpu`"""
DISK_GB = 2.0
"""Free disk for the runs of both tasks in the profile `cpu`"""

_GB = 1e9


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `remedy` says what to do where it is not `ok`."""

    what: str
    found: str
    ok: bool = True
    remedy: str = ""


@dataclass(frozen=True)
class Examination:
    """All findings: a table in a notebook, lines elsewhere."""

    findings: list[Finding]

    @property
    def ok(self) -> bool:
        """Whether nothing needs a remedy."""
        return all(finding.ok for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """The findings as plain data."""
        return {"ok": self.ok, "findings": [asdict(finding) for finding in self.findings]}

    def __str__(self) -> str:
        lines = []
        for one in self.findings:
            lines.append(f"{'✓' if one.ok else '✗'} {one.what}: {one.found}")
            lines += [f"  → {one.remedy}"] if one.remedy else []
        return "\n".join([*lines, self._conclusion])

    @property
    def _conclusion(self) -> str:
        return "This machine is fit for the course." if self.ok else "See the lines with an arrow."

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        rows = "".join(
            f"<tr><td>{'✓' if one.ok else '✗'}</td><th scope='row' style='text-align:left'>{one.what}</th>"
            f"<td style='text-align:left'>{html.escape(one.found)}"
            + (f"<br>→ {html.escape(one.remedy)}" if one.remedy else "")
            + "</td></tr>"
            for one in self.findings
        )
        return {"text/plain": str(self), "text/html": f"<table>{rows}</table><p>{self._conclusion}</p>"}


def examine(folder: Path | str = ".") -> Examination:
    """Look at Python, packages, device, memory, disk and data; `folder` is where the notebooks lie."""
    folder = Path(folder).resolve()
    return Examination(
        [
            _python(),
            _packages(),
            _device(),
            _memory(),
            _disk(folder),
            _folder(folder),
            *_training(folder),
        ]
    )


def _python() -> Finding:
    return Finding("Python", f"{platform.python_version()} in {sys.prefix}")


def _packages() -> Finding:
    try:
        lines = importlib.metadata.requires(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError:
        text = "Install it in this Python: pip install -e . in the course's folder."
        return Finding("Packages", f"{PACKAGE} is not installed", False, text)
    needed = [
        one for one in map(Requirement, lines) if one.marker is None or one.marker.evaluate({"extra": ""})
    ]
    wrong = []
    for one in needed:
        try:
            version = importlib.metadata.version(one.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append((one, "missing"))
            continue
        if not one.specifier.contains(version, prereleases=True):
            wrong.append((one, version))
    if not wrong:
        versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("torch", "jupyterlab"))
        return Finding("Packages", f"all {len(needed)} are there: {versions} …")
    found = ", ".join(f"{one.name} is {version}" for one, version in wrong)
    return Finding("Packages", found, False, "pip install " + " ".join(f'"{one}"' for one, _ in wrong))


def _device() -> Finding:
    try:
        import torch
    except (ImportError, OSError) as error:
        return Finding(
            "Device", f"torch does not start: {error}", False, 'pip install --force-reinstall "torch"'
        )
    if torch.cuda.is_available():
        gpu = torch.cuda.get_device_properties(0)
        return Finding("Device", f"{gpu.name}, {gpu.total_memory / _GB:.0f} GB")
    if torch.backends.mps.is_available():
        return Finding("Device", "an Apple GPU (MPS)")
    return Finding("Device", f"the CPU, {os.cpu_count()} cores")


def _results(folder: Path) -> Path:
    """Where the runs of Task 2 are kept, seen from its folder, the notebooks' or the course's."""
    lesson = next(lesson for lesson in LESSONS.values() if "predictors" in lesson.looks)
    task = Path(str(assignment_of(lesson.name)))
    places = [folder / task, folder / "notebooks" / task]
    return next((place for place in places if place.is_dir()), folder) / "results"


def _training(folder: Path) -> list[Finding]:
    """What Task 2 really trains on here, and where it comes from."""
    try:
        from labkit.course.datasets import ANIMALS, TOY
        from labkit.course.profiles import profile_for
        from labkit.data import data_folder

        profile = profile_for(_results(folder))
    except (ImportError, OSError):
        return []  # the packages have been complained about
    except CourseError as error:
        return [Finding("Profile", "no lesson of Task 2 would begin", False, str(error))]
    dataset = profile.dataset
    what = "toy faces" if dataset is TOY else f"photographs ({dataset})"
    size = f"{profile.image_size} × {profile.image_size}"
    found = f"{profile.name}: Task 2 trains on {what}, {size}, {profile.steps:,} steps a run"
    origin = "they are made where they are needed" if dataset is TOY else "they are read from their folder"
    if dataset is ANIMALS:
        place = data_folder() / "afhq"
        fetched = "they are fetched where they are needed (730 MB); beforehand: labkit data afhq"
        origin = f"they are in {place}" if place.is_dir() else fetched
    return [Finding("Profile", found), Finding("Data", f"{what}: {origin}")]


def _memory() -> Finding:
    memory = psutil.virtual_memory()
    total, free = memory.total, memory.available
    with contextlib.suppress(OSError, ValueError):  # a container is told its limit, the machine has none
        most, used = (
            int((CGROUP / f"memory.{name}").read_text(encoding="ascii")) for name in ("max", "current")
        )
        total, free = min(total, most), min(free, most - used)
    found = f"{free / _GB:.1f} GB of {total / _GB:.1f} GB are free"
    fits = free > MEMORY_GB * _GB
    return Finding(
        "Memory", found, fits, "" if fits else f"Close other programs: {MEMORY_GB:g} GB are enough."
    )


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    fits = free > DISK_GB * _GB
    remedy = "" if fits else f"Make room: both tasks take {DISK_GB:g} GB at most in the profile cpu."
    return Finding("Disk", f"{free / _GB:.1f} GB are free in {folder}", fits, remedy)


def _folder(folder: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Finding("Your work", f"is kept in {folder}")
    except OSError as error:
        remedy = "Copy the notebooks to a folder of your own, and open them there."
        return Finding("Your work", f"{folder} cannot be written: {error.strerror}", False, remedy)

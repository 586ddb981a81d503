"""Which installed packages a sandbox sees: those that the course needs, and nothing that computes an answer.

Beside them an environment may hold others: `diffusers`, say, has nearly every function that students write.
"""

import sys
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from labkit.errors import CourseError

COURSE = "ddpm-lab"

_ANSWERS = ("pytorch-fid",)
"""What the course requires for itself, and holds the answer to a TODO"""


@cache
def needed_paths() -> frozenset[Path]:
    """What lies in a site-packages folder and belongs to what the course requires, or to what that does.

    Raises CourseError where nobody can know that: the course is not installed, or a package has no list of
    its files.
    """
    found: dict[str, Distribution] = {}
    wanted = [COURSE]
    while wanted:
        name = wanted.pop()
        if name in found or name in _ANSWERS:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # of another system, or optional
            continue
        for text in found[name].requires or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                wanted.append(requirement.name.lower())
    if found.pop(COURSE, None) is None:  # what a sandbox may see of labkit comes another way
        raise CourseError(
            f"{COURSE} is not installed for {sys.executable}, so nobody knows which packages a sandbox may "
            "see. Install it there: pip install -e . in the course's folder, or `make`."
        )
    return frozenset(path for one in found.values() for path in _entries(one))


def _entries(one: Distribution) -> set[Path]:
    """The files and folders of a distribution, without what lies beside site-packages."""
    folder = Path(str(one.locate_file(""))).resolve()
    record = (one.read_text("RECORD") or "").splitlines()  # torch's has 15,000 lines: `files` takes seconds
    if not record:
        name = one.metadata["Name"]
        raise CourseError(
            f"Nobody can tell which files belong to {name}: its RECORD is missing in {folder}. "
            f"Install it anew: pip install --force-reinstall --no-deps {name}"
        )
    names = {line.strip('"').partition(",")[0].partition("/")[0] for line in record}
    return {folder / name for name in names - {"..", "__pycache__", ""}}

"""Which installed packages a sandbox sees: those that the course needs, and nothing that computes an answer.

Beside them an environment may hold others: `diffusers`, say, has nearly every function that students write.
"""

from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

COURSE = "ddpm-lab"


@cache
def needed_paths() -> frozenset[Path]:
    """What lies in a site-packages folder and belongs to what the course requires, or to what that does.

    Empty where the course is not installed: then nobody knows what it requires.
    """
    found: dict[str, Distribution] = {}
    wanted = [COURSE]
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # of another system, or optional
            continue
        for text in found[name].requires or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                wanted.append(requirement.name.lower())
    found.pop(COURSE, None)  # what a sandbox may see of labkit comes another way
    return frozenset(path for one in found.values() for path in _entries(one))


def _entries(one: Distribution) -> set[Path]:
    """The files and folders of a distribution, without what lies beside site-packages."""
    folder = Path(str(one.locate_file(""))).resolve()
    record = (one.read_text("RECORD") or "").splitlines()  # torch's has 15,000 lines: `files` takes seconds
    names = {line.strip('"').partition(",")[0].partition("/")[0] for line in record}
    return {folder / name for name in names - {"..", "__pycache__", ""}}

"""What labkit's wheel brings along, without the extras: a folder to put into PYTHONPATH."""

import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def make_student_site(folder: Path) -> None:
    """Link everything into `folder` that pyproject.toml's own dependencies need, and nothing else.

    For `python -S`, which does not look into the site-packages that the tests run in.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    queue = [Requirement(line) for line in [project["name"], *project["dependencies"]]]
    seen = set()
    while queue:
        wanted = queue.pop()
        key = (wanted.name.lower(), frozenset(wanted.extras))
        if key in seen:
            continue
        seen.add(key)
        try:
            found = distribution(wanted.name)
        except PackageNotFoundError:  # of another system
            continue
        if wanted.name != project["name"]:
            lines = map(Requirement, found.requires or [])
            extras = ["", *wanted.extras]
            queue += [line for line in lines if any(applies(line, extra) for extra in extras)]
        for top in {file.parts[0] for file in found.files or []}:
            link = folder / top
            if top not in ("..", "__pycache__") and not top.endswith(".pth") and not link.is_symlink():
                link.symlink_to(found.locate_file(top))


def applies(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})

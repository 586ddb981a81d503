"""One list of packages, wherever it is written down."""

import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
CONDA_NAMES = {"torch": "pytorch", "matplotlib": "matplotlib-base"}


def test_environment_yml_lists_what_pyproject_lists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {f"python{project['requires-python']}", "pip"}
    for line in [*project["dependencies"], *project["optional-dependencies"]["grading"]]:
        name, version = line.split(">=")
        wanted.add(f"{CONDA_NAMES.get(name, name)}>={version}")
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert {entry for entry in listed if isinstance(entry, str)} == wanted


def test_every_direct_package_is_pinned_for_ci() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    wanted = {line.split(">=")[0] for lines in lists for line in lines}
    lines = (ROOT / "constraints.txt").read_text().lower().replace("_", "-").splitlines()
    assert wanted <= {line.split("==")[0] for line in lines}

"""One list of packages, wherever it is written down."""

import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import yaml
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[1]
CONDA_NAMES = {"torch": "pytorch", "matplotlib": "matplotlib-base"}


def test_environment_yml_lists_what_pyproject_lists() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {f"python{project['requires-python']}", "pip"}
    for line in [*project["dependencies"], *project["optional-dependencies"]["grading"]]:
        name, version = line.split(">=")
        wanted.add(f"{CONDA_NAMES.get(name, name)}>={version}")
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    from_pip = next(entry["pip"] for entry in listed if isinstance(entry, dict))
    assert {entry for entry in [*listed, *from_pip] if isinstance(entry, str)} == wanted | {"--editable ."}


def test_every_direct_package_is_pinned_for_ci() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    wanted = {line.split(">=")[0] for lines in lists for line in lines}
    lines = (ROOT / "constraints.txt").read_text().lower().replace("_", "-").splitlines()
    assert wanted <= {line.split("==")[0] for line in lines}


def test_every_pinned_package_installs_on_the_oldest_python() -> None:
    """Debian 12 has Python 3.11.2: a package that wants 3.11.5 would stop `make` there, and nowhere else."""
    pins = [line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line]
    wants = {
        f"{name}=={version}": distribution(name).metadata.get("Requires-Python") or ""
        for name, version in pins
    }
    assert [(pin, want) for pin, want in wants.items() if not SpecifierSet(want).contains("3.11.0")] == []


def test_pip_understands_what_conda_hands_to_it(tmp_path: Path) -> None:
    """conda writes the list below `pip:` into a file of requirements, and calls pip in this folder."""
    (listed,) = [
        entry["pip"]
        for entry in yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
        if isinstance(entry, dict)
    ]
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("\n".join(listed))
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps", "--no-build-isolation"]
    done = subprocess.run([*command, "-r", requirements], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr

"""The course's own package, beside the released notebooks."""

import re
import shutil
import subprocess
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from labkit.cli import app
from labkit.errors import CourseError
from labkit.grading.release import wheel as wheels
from labkit.grading.release.wheel import put_wheel

ROOT = Path(__file__).parents[2]
ASSIGNMENT = "arithmetic"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return put_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def contents(wheel):
    """name → content of the files in the wheel"""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_labkit_and_nothing_else(contents):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "labkit"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    kept = {name for name in listed if not name.startswith("labkit/grading/example_class/")}
    found = {name for name in contents if ".dist-info/" not in name}
    assert len(found) > 100 and found == {name for name in kept if (ROOT / name).is_file()}


def test_it_holds_no_answer(contents):
    """Neither a line of a solution nor one of the example class's, which labkit itself does not have."""
    solutions = [nbformat.read(path, as_version=4) for path in sorted((ROOT / "solutions").glob("*/*.ipynb"))]
    cells = "\n".join(cell.source for notebook in solutions for cell in notebook.cells)
    regions = re.findall(r"### BEGIN SOLUTION.*?\n(.*?)### END SOLUTION", cells, re.DOTALL)
    answers = [
        path.read_text(encoding="utf-8") for path in wheels.CHECKOUT.glob("labkit/grading/example_class/*.py")
    ]
    assert len(regions) > 14 and len(answers) > 14
    lines = {line.strip() for text in [*regions, *answers] for line in text.splitlines()}
    held = {
        line.strip()
        for name, text in contents.items()
        if name.endswith(".py")
        for line in text.decode().splitlines()
    }
    assert {line for line in lines & held if len(line) > 40} == set()


def test_its_metadata_are_those_of_the_project(wheel, contents):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert wheel.name == f"ddpm_lab-{project['version']}-py3-none-any.whl"
    info = f"ddpm_lab-{project['version']}.dist-info"
    said = Parser().parsestr(contents[f"{info}/METADATA"].decode())
    assert said["License-Expression"] == project["license"] == "MIT AND CC-BY-4.0"
    for name in project["license-files"]:
        assert contents[f"{info}/licenses/{name}"] == (ROOT / name).read_bytes()
    assert "labkit = labkit.cli:app" in contents[f"{info}/entry_points.txt"].decode()


def test_what_an_earlier_build_left_is_not_packed(contents, tmp_path, monkeypatch):
    """setuptools takes whatever lies in build/lib."""
    copy = tmp_path / "checkout"
    shutil.copytree(ROOT / "labkit", copy / "labkit", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-lessons"):
        shutil.copy(ROOT / name, copy)
    (copy / "build" / "lib" / "labkit").mkdir(parents=True)
    (copy / "build" / "lib" / "labkit" / "gone.py").write_text("", encoding="utf-8")
    before = sorted(copy.rglob("*"))
    monkeypatch.setattr(wheels, "CHECKOUT", copy)
    with zipfile.ZipFile(put_wheel(tmp_path)) as archive:
        assert set(archive.namelist()) == set(contents)
    assert sorted(copy.rglob("*")) == before


def test_release_puts_it_beside_the_notebooks(course_folder):
    for _ in range(2):
        outcome = CliRunner().invoke(app, ["release", ASSIGNMENT, "--course", str(course_folder)])
        assert (outcome.exit_code, outcome.stderr) == (0, "")
    released = course_folder / "notebooks" / ASSIGNMENT
    (wheel,) = released.glob("*.whl")
    assert f"released {wheel}" in outcome.stdout.splitlines()
    assert sorted(path.name for path in released.iterdir()) == ["01_add.ipynb", "02_double.ipynb", wheel.name]


def test_an_older_wheel_goes_and_other_files_stay(tmp_path):
    (tmp_path / "ddpm_lab-0.0.1-py3-none-any.whl").write_bytes(b"old")
    (tmp_path / "other-0.0.1-py3-none-any.whl").write_bytes(b"another package")
    made = put_wheel(tmp_path)
    assert sorted(tmp_path.iterdir()) == [made, tmp_path / "other-0.0.1-py3-none-any.whl"]


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A folder from which labkit seems to run."""
    folder = tmp_path / "elsewhere"
    (folder / "labkit").mkdir(parents=True)
    (folder / "README.md").write_text("", encoding="utf-8")
    monkeypatch.setattr(wheels, "CHECKOUT", folder)
    return folder


@pytest.mark.parametrize("text", ["[project", '[project]\nname = "x"\n'], ids=["no TOML", "no version"])
def test_a_build_that_fails_is_a_sentence(text, elsewhere, tmp_path):
    (elsewhere / "pyproject.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=r"^No wheel was put beside the notebooks: .+\. What builds it"):
        put_wheel(tmp_path)
    assert not list(tmp_path.glob("*.whl*"))


def test_where_labkit_is_an_installed_package_the_notebooks_are_released_with_a_sentence(
    elsewhere, course_folder
):
    outcome = CliRunner().invoke(app, ["release", ASSIGNMENT, "--course", str(course_folder)])
    released = course_folder / "notebooks" / ASSIGNMENT
    assert outcome.exit_code == 0 and len(outcome.stdout.splitlines()) == len(list(released.iterdir())) == 2
    (said,) = outcome.stderr.splitlines()
    assert said.startswith("No wheel was put beside the notebooks: ") and f"into {released} yourself" in said

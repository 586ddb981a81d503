"""What the project says of itself: version, licences, how to cite it, where to report."""

import re
import tomllib
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from labkit.cli import app

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def test_the_command_says_the_version_that_is_installed() -> None:
    said = CliRunner().invoke(app, ["--version"])
    assert (said.exit_code, said.stdout) == (0, f"labkit {version(PROJECT['name'])}\n")


def test_citation_and_changelog_repeat_the_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", text, re.MULTILINE)
    assert releases[0] == (PROJECT["version"], CITATION["date-released"])
    assert CITATION["version"] == PROJECT["version"]
    days = [date.fromisoformat(day) for _, day in releases]
    assert (
        days == sorted(days, reverse=True) and len(re.findall(r"^## ", text, re.MULTILINE)) == len(days) + 1
    )


def test_nothing_else_repeats_the_version() -> None:
    files = [
        ROOT / "README.md",
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("labkit/**/*.py"),
        *ROOT.glob("solutions/**/*.py"),
    ]
    assert len(files) > 100
    written = re.compile(rf"(?<![\d.]){re.escape(PROJECT['version'])}(?![\d.])")
    assert [path for path in files if written.search(path.read_text(encoding="utf-8"))] == []


def test_every_licence_that_is_declared_is_there_and_said() -> None:
    assert PROJECT["license"].split(" AND ") == CITATION["license"] == ["MIT", "CC-BY-4.0"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in PROJECT["license-files"]:
        assert (ROOT / name).is_file() and f"]({name})" in readme
    notice = (ROOT / "LICENSE-lessons").read_text(encoding="utf-8")
    page = (ROOT / "notebooks" / "00_start_here.ipynb").read_text(encoding="utf-8")
    assert "SPDX-License-Identifier: CC-BY-4.0\n" in notice
    assert all("https://creativecommons.org/licenses/by/4.0/" in text for text in (notice, page))


@pytest.mark.parametrize("path", FORMS, ids=[path.stem for path in FORMS])
def test_a_form_asks_what_is_needed_to_see_it_happen(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert form["name"] and form["description"]
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert {field["type"] for field in fields} <= {"input", "textarea", "dropdown", "checkboxes"}
    assert all(field["attributes"]["label"] for field in fields)
    ids = [field["id"] for field in fields]
    assert len(set(ids)) == len(ids) and "labkit --version" in path.read_text(encoding="utf-8")


def test_there_is_a_form_for_each_kind_of_problem() -> None:
    assert [path.stem for path in FORMS] == ["grading_problem", "lesson_unclear", "wrong_verdict"]


def test_the_guides_name_no_package_index_by_its_address() -> None:
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("solutions/**/*.py")]
    named = re.compile(r"https?://[^\s)]*(?:pypi|pytorch\.org/whl|/simple\b|anaconda\.org)", re.IGNORECASE)
    assert len(pages) > 10
    assert [
        (path.name, found) for path in pages if (found := named.findall(path.read_text(encoding="utf-8")))
    ] == []

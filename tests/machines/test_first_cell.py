"""A lesson's first cell on a machine without labkit: a fresh environment, with real pip and real IPython."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from student_site import make_student_site

from labkit.course.syllabus import TASKS, names_of
from labkit.grading.release.colab import WHEEL, ColabLink
from labkit.grading.release.wheel import put_wheel

ROOT = Path(__file__).parents[2]
LESSONS = [f"{assignment}/{name}" for assignment in TASKS for name in names_of(assignment)]
SENTENCE = "Put the lessons' ddpm_lab-….whl into this folder"

Run = Callable[..., subprocess.CompletedProcess[str]]


def released(lesson: str) -> nbformat.NotebookNode:
    return nbformat.read(ROOT / "notebooks" / f"{lesson}.ipynb", as_version=4)


def first_cell(notebook: nbformat.NotebookNode) -> str:
    return next(cell.source for cell in notebook.cells if cell.cell_type == "code")


def linked(lesson: str, repository: str) -> nbformat.NotebookNode:
    """The lesson as it is released with this repository in the settings."""
    assignment, name = lesson.split("/")
    resources = {"nbgrader": {"assignment": assignment, "notebook": name}}
    return ColabLink(repository=repository).preprocess(released(lesson), resources)[0]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return put_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What labkit depends on, so that pip has nothing to fetch; but not labkit."""
    folder = tmp_path_factory.mktemp("site")
    make_student_site(folder)
    for link in [*folder.glob("*ddpm_lab*"), folder / "labkit"]:
        link.unlink(missing_ok=True)
    return folder


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with pip alone."""
    folder = tmp_path_factory.mktemp("fresh")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder / "bin" / "python"


@pytest.fixture
def run(python: Path, site: Path, tmp_path: Path) -> Iterator[Run]:
    """Runs a cell in `folder`, and prints where labkit comes from; afterwards labkit is gone again."""
    environment = os.environ | {
        "PYTHONPATH": str(site),
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip's way to say that it is off
    }

    def run(cell: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
        script = tmp_path / "cell.ipy"
        script.write_text(f"{cell}\nimport labkit\nprint(labkit.__file__)\n", encoding="utf-8")
        command = [python, "-m", "IPython", "--colors=NoColor", script]
        return subprocess.run(
            command, cwd=folder, env=environment | more, capture_output=True, text=True, check=False
        )

    yield run
    for pattern in ("labkit", "ddpm_lab-*"):
        for folder in python.parents[1].glob(f"lib/*/site-packages/{pattern}"):
            shutil.rmtree(folder)


def has_installed(done: subprocess.CompletedProcess[str], python: Path) -> bool:
    assert done.returncode == 0, done.stdout + done.stderr
    return Path(done.stdout.split()[-1]).is_relative_to(python.parents[1])


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_cell_installs_a_name_from_the_registry(lesson: str) -> None:
    """Who takes a name there runs code on every machine where a lesson asks for it."""
    for notebook in (released(lesson), linked(lesson, "owner/name/blob/v1.0")):
        text = "\n".join(cell.source for cell in notebook.cells)
        installs = [line.strip() for line in text.splitlines() if re.search(r"\bpip\b|\binstall\b", line)]
        assert installs == ['get_ipython().run_line_magic("pip", f"install --quiet {max(course)}")']
    assert WHEEL in first_cell(released(lesson))


def test_the_wheel_beside_the_lesson_is_installed_once(
    wheel: Path, run: Run, python: Path, tmp_path: Path
) -> None:
    shutil.copy(wheel, tmp_path)
    refused_by_pip = b"no wheel"
    (tmp_path / "ddpm_lab-0.0.1-py3-none-any.whl").write_bytes(refused_by_pip)  # of an older release
    (tmp_path / f"{wheel.stem} (1).whl").write_bytes(refused_by_pip)  # downloaded twice
    cell = first_cell(released(LESSONS[0]))
    assert has_installed(run(cell, tmp_path), python)
    for path in tmp_path.glob("*.whl"):
        path.unlink()
    assert has_installed(run(cell, tmp_path), python)  # and not asked for again


@pytest.mark.parametrize("beside", [[], ["ddpm_lab-0.2.0.tar.gz"], ["other-0.2.0-py3-none-any.whl"]])
def test_without_a_wheel_one_sentence_says_what_to_do(beside: list[str], run: Run, tmp_path: Path) -> None:
    for name in beside:
        (tmp_path / name).write_bytes(b"")
    done = run(first_cell(released(LESSONS[-1])), tmp_path)
    said = done.stdout + done.stderr
    assert done.returncode == 1 and "import labkit\n" not in said, said
    assert said.splitlines()[-1].startswith(f"ModuleNotFoundError: {SENTENCE}"), said


def test_where_a_repository_is_configured_its_tag_is_installed(
    run: Run, python: Path, tmp_path: Path
) -> None:
    """git is told that GitHub is a folder here."""
    repository, folder = tmp_path / "repository", tmp_path / "folder"
    folder.mkdir()
    shutil.copytree(ROOT / "labkit", repository / "labkit", ignore=shutil.ignore_patterns("__pycache__"))
    for path in (ROOT / "pyproject.toml", ROOT / "README.md", *ROOT.glob("LICENSE*")):
        shutil.copy(path, repository)

    def git(*words: str) -> None:
        person = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *person, *words], cwd=repository, check=True, capture_output=True)

    git("init")
    git("add", ".")
    git("commit", "-m", "A release")
    git("tag", "v1.0")
    (repository / "labkit" / "__init__.py").write_text("raise ImportError('this is not the tag')\n")
    git("commit", "-a", "-m", "After it")
    moved = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repository.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/owner/name",
    }
    cell = first_cell(linked(LESSONS[0], "owner/name/blob/v1.0"))
    assert has_installed(run(cell, folder, **moved), python)

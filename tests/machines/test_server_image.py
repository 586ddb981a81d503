"""The image, the dev container and Binder: nothing is built here, but what they say must hold."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from student_site import make_student_site
from traitlets.config import PyFileConfigLoader

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "docker" / "jupyter_server_config.py"


def instructions() -> list[tuple[str, str]]:
    """(instruction, argument) of each line of the Dockerfile, with continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(maxsplit=1)) for line in lines]


def test_what_is_copied_is_there_and_is_sent_to_the_builder() -> None:
    sent = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sources = [word for name, rest in instructions() if name == "COPY" for word in rest.split()[:-1]]
    assert "labkit" in sources
    for source in sources:
        assert (ROOT / source).exists()
        assert f"!{source.partition('/')[0]}" in sent


def test_what_pyproject_names_is_copied_before_labkit_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found = instructions()
    (install,) = [at for at, (name, rest) in enumerate(found) if name == "RUN" and " . " in rest]
    copied = {word for name, rest in found[:install] if name == "COPY" for word in rest.split()[:-1]}
    assert {"pyproject.toml", "labkit", project["readme"], *project["license-files"]} <= copied


def test_no_answers_are_sent_to_the_builder() -> None:
    """Whoever uses the image can read all of it."""
    sent = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "!solutions" not in sent and "!tests" not in sent
    assert sent.index("labkit/grading/example_class") > sent.index("!labkit")
    assert (ROOT / "labkit" / "grading" / "example_class").is_dir()


def test_the_image_ends_as_an_unprivileged_user_with_a_command_that_it_has() -> None:
    found = instructions()
    assert [rest for name, rest in found if name == "USER"] == ["jovyan"]
    assert found[-1] == ("CMD", '["start-singleuser.sh"]')
    script = ROOT / "docker" / "start-singleuser.sh"
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", script]).returncode == 0
    assert "ENTRYPOINT" not in dict(found)  # the grader starts `python` in it


def test_python_is_the_one_that_constraints_are_for() -> None:
    (base,) = [rest for name, rest in instructions() if name == "FROM"]
    (binder,) = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").split()
    version = base.removeprefix("python:").partition("-")[0]
    assert binder == f"python-{version}"
    assert f"on Python {version}." in (ROOT / "constraints.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("hub", "started"), [("", "jupyter lab --no-browser"), ("token", "jupyterhub-singleuser")]
)
def test_the_start_up_script_starts_the_hubs_server_or_jupyterlab(
    hub: str, started: str, tmp_path: Path
) -> None:
    for program in ("jupyter", "jupyterhub-singleuser"):
        echo = tmp_path / program
        echo.write_text(f'#!/bin/sh\necho {program} "$@"\n', encoding="utf-8")
        echo.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "JUPYTERHUB_API_TOKEN": hub}
    script = [ROOT / "docker" / "start-singleuser.sh", "--debug"]
    done = subprocess.run(script, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == f"{started} --debug\n"


def test_notebooks_come_once_and_a_students_work_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course, home = tmp_path / "course", tmp_path / "home"
    settings = tmp_path / "settings.py"
    moved = SETTINGS.read_text(encoding="utf-8").replace("/opt/ddpm-lab/notebooks", str(course))
    settings.write_text(moved, encoding="utf-8")
    monkeypatch.setenv("HOME", str(home))
    home.mkdir()

    def release(name: str) -> None:
        (course / name).mkdir(parents=True)
        (course / name / "01.ipynb").write_text("released", encoding="utf-8")

    def start() -> dict:
        return PyFileConfigLoader(str(settings)).load_config()

    release("task1")
    (home / "notebooks").mkdir()
    (home / "notebooks" / ".task1.part").mkdir()  # a server was killed while it copied
    assert start().ServerApp.root_dir == str(home / "notebooks")
    mine = home / "notebooks" / "task1" / "01.ipynb"
    assert mine.read_text(encoding="utf-8") == "released"
    mine.write_text("my work", encoding="utf-8")
    release("task2")
    start()
    assert mine.read_text(encoding="utf-8") == "my work"
    assert sorted(path.name for path in (home / "notebooks").iterdir()) == ["task1", "task2"]


def test_handing_in_works_as_the_start_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    settings = tmp_path / "settings.py"
    moved = SETTINGS.read_text(encoding="utf-8").replace("/opt/ddpm-lab/notebooks", str(ROOT / "notebooks"))
    settings.write_text(moved, encoding="utf-8")
    root = Path(PyFileConfigLoader(str(settings)).load_config().ServerApp.root_dir)
    page = json.loads((root / "00_start_here.ipynb").read_text(encoding="utf-8"))
    text = "".join(page["cells"][-1]["source"])
    (command,) = re.findall("labkit submit .+", text)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-m", *command.split()], cwd=root, env=environment)
    assert done.returncode == 0 and (root / "task1_swiss_roll" / "YOUR_NAME.zip").is_file()


def test_the_grader_finds_in_the_image_all_that_it_runs_there(tmp_path: Path) -> None:
    """The image has labkit's own dependencies and no extra."""
    site = tmp_path / "site"
    site.mkdir()
    make_student_site(site)
    modules = [f"labkit.inside.{path.stem}" for path in (ROOT / "labkit" / "inside").glob("[a-z]*.py")]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{site}"}
    program = f"import {', '.join(modules)}"
    assert len(modules) > 3
    assert subprocess.run([sys.executable, "-S", "-c", program], env=environment).returncode == 0


def test_compose_builds_the_image_that_the_grader_looks_for() -> None:
    from labkit.grading.isolation.container import IMAGE

    lab = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["lab"]
    arguments = {rest.partition("=")[0] for name, rest in instructions() if name == "ARG"}
    assert lab["image"] == IMAGE == "ddpm-lab"
    assert set(lab["build"]["args"]) <= arguments
    assert all(port.startswith("127.0.0.1:") for port in lab["ports"])  # only who sits at it, or a proxy


def test_the_dev_container_sets_up_as_make_does() -> None:
    text = (ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8")
    found = json.loads(text)
    target = found["postCreateCommand"].removeprefix("make ")
    known = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True)
    assert known.returncode == 0, known.stderr
    needed = re.findall(r"missing\+=\((\w+)\)", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    assert {"make", "chromium"} <= set(needed)
    assert {"make", "chromium"} <= set(found["onCreateCommand"].split())


def test_binder_installs_this_repository() -> None:
    lines = (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert (ROOT / "binder" / lines[1].removeprefix("-c ")).resolve() == ROOT / "constraints.txt"
    assert lines[2] == "-e ."
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert all(Requirement(line).specifier for line in project["dependencies"])

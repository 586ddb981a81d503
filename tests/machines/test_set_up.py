"""What `make` does before anything else, on machines where something is wrong: a sentence, then it goes on.

In a small project of its own, whose package is built by itself: no package index is asked.
"""

import ast
import runpy
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BACKEND = """
import os, zipfile

def build_editable(folder, *rest):
    if os.environ.get("BROKEN"):
        raise OSError(28, os.environ["BROKEN"])
    while os.path.exists("wait"):
        open("waits", "w").close()
    name = "ddpm_lab-0.0.0-py3-none-any.whl"
    info = "ddpm_lab-0.0.0.dist-info"
    with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
        wheel.writestr("installed.py", "")
        wheel.writestr(os.environ.get("MORE", "more.py"), "")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: ddpm-lab\\nVersion: 0.0.0\\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with set_up.py and a package that needs nothing, and what it said when it set up a .venv."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copy(ROOT / "set_up.py", folder)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "constraints.txt").write_text("ddpm-lab==0.0.0\n")
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        '[project]\nname = "ddpm-lab"\nversion = "0.0.0"\n'
    )
    done = set_up(folder)
    assert done.returncode == 0, done.stderr
    (folder / "said").write_text(said(done))
    return folder


@pytest.fixture
def project(clone: Path, tmp_path: Path) -> Path:
    """A copy of it, to spoil."""
    return shutil.copytree(clone, tmp_path / "project", symlinks=True)


BASE = Path(sys.base_prefix, "bin", f"python3.{sys.version_info[1]}")
PLAIN = {"PATH": "/usr/bin:/bin", "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": "/dev/null"}


def set_up(project: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The base Python runs it, as in a fresh clone."""
    return subprocess.run(
        [BASE, "set_up.py", *words],
        cwd=project,
        env={**PLAIN, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def installed(project: Path) -> bool:
    return any((project / ".venv").glob("lib/python*/site-packages/installed.py"))


def said(done: subprocess.CompletedProcess[str]) -> str:
    """What it said: no traceback, whatever it was."""
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr


def test_it_sets_up_and_says_how_large_and_how_long(clone: Path) -> None:
    assert installed(clone) and not (clone / ".venv/.installing").exists()
    text = (clone / "said").read_text()
    assert "7 GB" in text and "Set up in" in text
    assert "make TORCH=cpu" in text or shutil.which("nvidia-smi")


def test_a_venv_that_is_whole_is_kept(project: Path) -> None:
    (project / ".venv/kept").touch()
    assert set_up(project).returncode == 0
    assert (project / ".venv/kept").exists()


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda venv: (venv / ".installing").touch(), "broken off"),
        (lambda venv: (venv / "bin/python").unlink(), "does not run"),
        (lambda venv: shutil.rmtree(next(venv.glob("lib/python*/site-packages/pip"))), "half made"),
        (lambda venv: _another_python(venv), "is Python 3.99"),
    ],
    ids=["killed while it unpacked", "its Python is gone", "killed before pip was there", "another Python"],
)
def test_a_venv_that_is_not_whole_is_made_anew(project: Path, spoil, word: str) -> None:
    (project / ".venv/old").touch()
    spoil(project / ".venv")
    done = set_up(project)
    assert done.returncode == 0, done.stderr
    assert word in said(done) and "made anew" in done.stderr
    assert installed(project) and not (project / ".venv/old").exists()


def _another_python(venv: Path) -> None:
    (venv / "bin/python").unlink()
    (venv / "bin/python").write_text("#!/bin/sh\necho 3 99\n")
    (venv / "bin/python").chmod(0o755)


KILLED_WHILE_PIP_UNPACKS = """
if __name__ == "__main__":
    import os, pathlib, signal, subprocess, sys

    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", sys.argv[1]], check=True)
    (site,) = pathlib.Path(sys.argv[1]).glob("lib/python*/site-packages")
    (site / "pip").mkdir()
    (site / "pip/__init__.py").touch()
    os.kill(os.getppid(), signal.SIGKILL)
"""


def test_killed_while_pip_itself_is_unpacked(project: Path) -> None:
    shutil.rmtree(project / ".venv")
    (project / "venv.py").write_text(KILLED_WHILE_PIP_UNPACKS)
    assert set_up(project).returncode == -9
    (project / "venv.py").unlink()
    assert list((project / ".venv").glob("lib/python*/site-packages/pip/__init__.py"))
    done = set_up(project)
    assert done.returncode == 0, done.stderr
    assert "broken off" in said(done) and installed(project)


@pytest.mark.parametrize("there", [True, False], ids=["it has to go", "its target is gone"])
def test_a_venv_that_is_a_link_stays_one(project: Path, there: bool) -> None:
    """As where a home is small: .venv lies on another disk."""
    target = project / "scratch/me"
    target.parent.mkdir()
    (project / ".venv").rename(target)
    (project / ".venv").symlink_to(target)
    (target / ".installing").touch()
    (target / "old").touch()
    if not there:
        shutil.rmtree(target)
    done = set_up(project)
    assert done.returncode == 0, said(done)
    assert (project / ".venv").is_symlink() and installed(project) and not (target / "old").exists()


def test_a_broken_venv_makes_room_before_room_is_demanded(project: Path) -> None:
    (project / ".venv/.installing").touch()
    (project / ".venv/large").touch()
    replace(project / "set_up.py", '"": (7', '"": (7000000')
    done = set_up(project)
    assert done.returncode == 1 and "GB are free. Make room" in said(done)
    assert not (project / ".venv/large").exists()


def test_the_readme_says_how_much_room_it_demands() -> None:
    for size, fetched in runpy.run_path(str(ROOT / "set_up.py"))["NEEDS_GB"].values():
        sentence = f"{size:.0f} GB, and {size + 2 * fetched:.0f} free"
        assert sentence in (ROOT / "README.md").read_text()


def test_a_second_call_leaves_the_first_alone(project: Path) -> None:
    (project / "wait").touch()
    first = subprocess.Popen([BASE, "set_up.py"], cwd=project, env=PLAIN, stderr=subprocess.DEVNULL)
    try:
        while not (project / "waits").exists():
            assert first.poll() is None
            time.sleep(0.05)
        (project / ".venv/.installing").touch()
        second = set_up(project)
        assert second.returncode == 1 and "Another `make` is setting up" in said(second)
        (project / "wait").unlink()
        assert first.wait() == 0
    finally:
        first.kill()
    assert set_up(project).returncode == 0


def test_it_is_seen_that_packages_are_unpacked_however_quiet_pip_is(project: Path) -> None:
    (site,) = (project / ".venv").glob("lib/python*/site-packages")
    (site / "taken").touch()
    (project / "pip.conf").write_text("[global]\nquiet = 2\n[install]\nquiet = 3\n")
    quiet = {"PIP_QUIET": "1", "PIP_CONFIG_FILE": str(project / "pip.conf")}
    done = set_up(project, MORE="taken/file.py", **quiet)
    assert done.returncode == 1, said(done)
    assert (project / ".venv/.installing").exists()


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PIP_NO_INDEX": "0", "PIP_INDEX_URL": "http://127.0.0.1:9/simple"}, "index could not be reached"),
        ({"BROKEN": "No space left on device"}, "The disk is full"),
        ({}, "pip could not install the course"),
    ],
    ids=["no network", "disk full", "something else"],
)
def test_what_stops_pip_is_a_sentence_and_the_next_call_repairs_it(
    project: Path, environment: dict[str, str], sentence: str
) -> None:
    whole = (project / "pyproject.toml").read_text()
    if "BROKEN" not in environment:
        (project / "pyproject.toml").write_text(whole.replace("[]", '["no-such-package-anywhere"]', 1))
    done = set_up(project, **environment)
    assert done.returncode == 1
    assert sentence in said(done) and "run `make` again" in done.stderr
    (project / "pyproject.toml").write_text(whole)
    assert set_up(project).returncode == 0
    assert installed(project)


RETRIES = "WARNING: Retrying (Retry(total=1)) after connection broken by 'ReadTimeoutError(...)': /simple/a/"


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            [RETRIES, "ERROR: No matching distribution (from versions: none)"],
            "The index could not be reached",
        ),
        (
            [RETRIES, "ERROR: Cannot install a and b: they conflict.", "ERROR: ResolutionImpossible"],
            "a and b",
        ),
        (
            ["ERROR: Exception:", "Traceback:", "ReadTimeoutError: timed out"],
            "The index could not be reached",
        ),
        (["ERROR: [Errno 28] No space left on device: '{here}/gone/file'"], "make room where {here} lies"),
        (["ERROR: [Errno 122] Disk quota exceeded: '{here}/gone/file'"], "make room where {here} lies"),
        (["ERROR: [Errno 28] No space left on device"], "{temporary} lies, whichever is full"),
    ],
)
def test_a_sentence_blames_what_stopped_pip(tmp_path: Path, lines: list[str], sentence: str) -> None:
    module = runpy.run_path(str(ROOT / "set_up.py"))
    places = {"here": tmp_path, "temporary": module["tempfile"].gettempdir()}
    told = module["reason"]([line.replace("{here}", str(tmp_path)) for line in lines], "The index")
    assert sentence.format(**places) in told


def test_from_inside_the_venv_that_has_to_go(project: Path) -> None:
    """make puts .venv first in PATH, so that `python3` is the one in it."""
    (project / ".venv/.installing").touch()
    python = project / ".venv/bin/python3"
    done = subprocess.run([python, "set_up.py"], cwd=project, env={"PIP_NO_INDEX": "1"}, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert installed(project)


def write_wheel(folder: Path, package: str, version: str) -> None:
    """A wheel of nothing, in an index."""
    (folder / package).mkdir(parents=True)
    name = f"{package}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(folder / package / name, "w") as wheel:
        info = f"{package}-{version}.dist-info"
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    (folder / package / "index.html").write_text(f'<a href="{name}">{package}</a>')


@pytest.fixture
def needs_torch(project: Path) -> Path:
    """The project needs torch, torchvision and `small`, all in its usual index."""
    packages = ("torch", "torchvision", "small")
    for package in packages:
        write_wheel(project / "usual", package, "1.0")
    requires = "".join(rf"Requires-Dist: {package}\n" for package in packages)
    replace(project / "backend.py", r"Version: 0.0.0\n", rf"Version: 0.0.0\n{requires}")
    replace(
        project / "pyproject.toml", 'version = "0.0.0"', f'version = "0.0.0"\ndependencies = {list(packages)}'
    )
    (project / "constraints.txt").write_text("ddpm-lab==0.0.0\nsmall==1.0\ntorch==1.0\ntorchvision==1.0\n")
    return project


def set_up_torch(
    project: Path, torch: str, cpu_index: str
) -> tuple[subprocess.CompletedProcess[str], set[str]]:
    """With an index of CPU builds; returns also what is installed then."""
    replace(project / "set_up.py", "https://download.pytorch.org/whl/cpu", cpu_index)
    usual = (project / "usual").as_uri()
    done = set_up(project, "--torch", torch, PIP_NO_INDEX="0", PIP_INDEX_URL=usual, PIP_EXTRA_INDEX_URL=usual)
    infos = (project / ".venv").glob("lib/python*/site-packages/*.dist-info")
    return done, {info.name.removesuffix(".dist-info") for info in infos if not info.name.startswith("pip-")}


@pytest.mark.parametrize(("torch", "version"), [("", "1.0"), ("cpu", "1.0+cpu")])
def test_the_build_of_torch_without_cuda_comes_from_where_it_is_published(
    needs_torch: Path, torch: str, version: str
) -> None:
    """And nothing else does."""
    for package in ("torch", "torchvision", "small"):
        write_wheel(needs_torch / "published", package, "1.0+cpu")
    done, there = set_up_torch(needs_torch, torch, (needs_torch / "published").as_uri())
    assert done.returncode == 0, done.stderr
    assert there >= {f"torch-{version}", f"torchvision-{version}", "small-1.0"}


def test_the_large_build_never_takes_the_small_ones_place(needs_torch: Path) -> None:
    done, there = set_up_torch(needs_torch, "cpu", "http://127.0.0.1:9/whl/cpu")
    assert done.returncode == 1 and "http://127.0.0.1:9/whl/cpu could not be reached" in said(done)
    assert not any(name.startswith("torch") for name in there)


def test_another_build_of_torch_is_refused(project: Path) -> None:
    done = set_up(project, "--torch", "rocm")
    assert done.returncode == 2 and "invalid choice" in said(done)


def test_an_old_python_can_read_it() -> None:
    """A sentence about Python 3.8 must come from Python 3.8."""
    ast.parse((ROOT / "set_up.py").read_text(), feature_version=(3, 7))

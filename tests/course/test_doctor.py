"""`labkit doctor` looks at the machine, and says what to do."""

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.course import doctor
from labkit.course.doctor import Examination, Finding, examine
from labkit.course.profiles import PROFILES


def found(examination: Examination) -> dict[str, Finding]:
    return {finding.what: finding for finding in examination.findings}


def test_a_machine_that_runs_this_test_is_looked_at_wholly(tmp_path: Path) -> None:
    findings = found(examine(tmp_path))
    assert list(findings) == [
        "Python", "Packages", "Device", "Memory", "Disk", "Your work", "Profile", "Data",
    ]  # fmt: skip
    assert findings["Packages"].ok and "torch" in findings["Packages"].found
    assert str(tmp_path) in findings["Your work"].found
    assert not list(tmp_path.iterdir())


def test_a_package_that_is_too_old_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "1.0" if name == "torch" else real(name))
    packages = found(examine())["Packages"]
    assert (packages.ok, packages.found) == (False, "torch is 1.0")
    assert packages.remedy == 'pip install "torch>=2.6"'


def test_a_package_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.metadata.version

    def version(name: str) -> str:
        if name == "ipywidgets":
            raise importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert found(examine())["Packages"].found == "ipywidgets is missing"


def test_too_little_room_is_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "MEMORY_GB", 1e6)
    monkeypatch.setattr(doctor, "DISK_GB", 1e9)
    examination = examine()
    assert not examination.ok
    assert found(examination)["Memory"].remedy.startswith("Close other programs")
    assert found(examination)["Disk"].remedy.startswith("Make room")
    assert "→ Make room" in str(examination) and "→ Make room" in examination._repr_mimebundle_()["text/html"]


def test_a_containers_limit_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "CGROUP", tmp_path)
    for name, limit in {"max": "4000000000\n", "current": "2500000000\n"}.items():
        (tmp_path / f"memory.{name}").write_text(limit)
    assert found(examine())["Memory"].found == "1.5 GB of 4.0 GB are free"
    (tmp_path / "memory.max").write_text("max\n")
    assert found(examine())["Memory"].ok


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_a_remedy(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert not found(examine(tmp_path))["Your work"].ok


@pytest.mark.parametrize("below", ["", "task2_images", "notebooks/task2_images"])
@pytest.mark.parametrize("profile", PROFILES)
def test_it_says_what_the_profile_trains_on(
    profile: str, below: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it is asked: in the notebooks' folder, above it, or in the task's."""
    monkeypatch.setenv("LABKIT_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("LABKIT_PROFILE", raising=False)
    results = tmp_path / below / "results"
    results.mkdir(parents=True)
    (results / "profile.json").write_text(json.dumps({"profile": profile}))
    findings = found(examine(tmp_path))
    faces, other = ("photographs", "toy faces") if profile == "gpu" else ("toy faces", "photographs")
    assert findings["Profile"].found.startswith(f"{profile}: Task 2 trains on {faces}")
    assert faces in findings["Data"].found and other not in str(examine(tmp_path))
    assert ("labkit data afhq" in findings["Data"].found) == (profile == "gpu")
    (tmp_path / "data" / "afhq").mkdir(parents=True)
    assert (str(tmp_path / "data" / "afhq") in found(examine(tmp_path))["Data"].found) == (profile == "gpu")


def test_a_profile_that_is_asked_for_is_looked_at_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABKIT_PROFILE", "gpu")
    assert "gpu: Task 2 trains on photographs" in found(examine(tmp_path))["Profile"].found
    monkeypatch.setenv("LABKIT_PROFILE", "cpuu")
    profile = found(examine(tmp_path))["Profile"]
    assert not profile.ok and "there is only: smoke, cpu, gpu" in profile.remedy
    assert not list(tmp_path.iterdir())


def test_what_is_found_is_escaped() -> None:
    page = Examination([Finding("Data", "in <script>")])._repr_mimebundle_()["text/html"]
    assert "<script>" not in page


def test_the_command_says_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "labkit", "doctor", "--json"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    said = json.loads(done.stdout)
    assert done.returncode == (0 if said["ok"] else 1)
    assert [one["what"] for one in said["findings"]] == list(found(examine(tmp_path)))
    plain = subprocess.run(command[:-1], cwd=tmp_path, capture_output=True, text=True).stdout
    assert "Python:" in plain and "Traceback" not in plain

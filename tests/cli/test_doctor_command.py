"""`labkit doctor --grading` attacks the sandbox of this machine."""

import json
import os
import subprocess
import sys

import pytest

COMMAND = [sys.executable, "-m", "labkit", "doctor", "--grading"]


def test_every_attack_is_held() -> None:
    done = subprocess.run([*COMMAND, "--json"], capture_output=True, text=True)
    found = json.loads(done.stdout)
    assert (done.returncode, found["held"]) == (0, True), found
    assert len(found["attacks"]) > 10
    assert all("Error" in one["said"] or one["said"] == "none" for one in found["attacks"])


def test_it_finds_the_packaged_bubblewrap_without_a_path() -> None:
    done = subprocess.run([*COMMAND, "--json"], capture_output=True, env={**os.environ, "PATH": "/nowhere"})
    assert (done.returncode, json.loads(done.stdout)["isolation"]) == (0, "bubblewrap")


def test_it_holds_for_somebody_without_rights_too() -> None:
    """Then the sandbox needs a user namespace."""
    if os.geteuid() != 0:
        pytest.skip("this is what the other tests do where they do not run as root")
    somebody = {
        "user": 65534,
        "group": 65534,
        "extra_groups": (),
        "cwd": "/",
        "capture_output": True,
        "text": True,
    }
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    try:
        here = subprocess.run([sys.executable, "-c", "import labkit"], env=environment, **somebody)
    except PermissionError:
        pytest.skip("this Python lies in a folder that only root may enter")
    if here.returncode:
        pytest.skip(f"labkit lies in a folder that only root may enter: {here.stderr[-200:]}")
    namespace = subprocess.run(["unshare", "--user", "true"], env=environment, **somebody)
    if namespace.returncode:
        pytest.skip("this system gives nobody a user namespace")
    done = subprocess.run([*COMMAND, "--json"], env=environment, **somebody)
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["held"]

"""A sandbox in a control group of systemd's: of one that runs for the test, and of stand-ins for it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from labkit.grading.isolation import Sandbox, Session, control_group
from labkit.grading.isolation.selftest import layers

KILLS_THE_GREEDY = f"""#!/bin/sh
echo "$@" >> {{log}}
case "$*" in *MemoryMax={control_group._PROBE}*) kill -9 $$;; esac
while [ "$1" != -- ]; do shift; done; shift
exec "$@"
"""
ALLOWS_ALL = """#!/bin/sh
while [ "$1" != -- ]; do shift; done; shift
exec "$@"
"""
HAS_NO_BUS = "#!/bin/sh\necho 'Failed to connect to bus' >&2; exit 1\n"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """What was found out of this machine is found out again."""
    control_group.is_given.cache_clear()
    yield
    control_group.is_given.cache_clear()


def stand_in(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "systemd-run"
    path.write_text(text)
    path.chmod(0o755)
    monkeypatch.setattr(control_group, "PROGRAM", str(path))


def test_a_sandbox_starts_in_its_group_and_sees_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, submission = tmp_path / "log", tmp_path / "autograded" / "ann" / "noising"
    submission.mkdir(parents=True)
    stand_in(tmp_path, KILLS_THE_GREEDY.format(log=log), monkeypatch)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    sandbox = Sandbox(submission, "bubblewrap")
    try:
        (said,) = Session(sandbox).run_cell("import os; print(*os.environ)", 10)
        started_with = ""
        for process in sandbox.processes():
            with suppress(OSError):  # one that has ended, or may not be looked at
                started_with += Path(f"/proc/{process.pid}/environ").read_text()
    finally:
        sandbox.close()
    assert "PATH" in said.text and "DBUS" not in said.text + started_with
    _, started = log.read_text().splitlines()
    assert f"MemoryMax={control_group.GROUP_MEMORY} " in started
    assert f"TasksMax={control_group.TASKS} " in started
    assert "7 GiB" in layers()["control group"]


@pytest.mark.parametrize("text", [ALLOWS_ALL, HAS_NO_BUS])
def test_where_memory_is_not_bounded_there_is_no_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    stand_in(tmp_path, text, monkeypatch)
    assert control_group.within_group(["true"]) == (["true"], {})
    assert "none" in layers()["control group"]


def test_where_there_is_no_systemd_there_is_no_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control_group, "PROGRAM", "/nowhere/systemd-run")
    assert not control_group.is_given()


BOOT = """
mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system
printf '[Unit]\\nDefaultDependencies=no\\n' > /run/systemd/system/nothing.target
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
exec env -i PATH="$PATH" container=test /lib/systemd/systemd --system --unit=nothing.target
"""
EATS = """
import sys
from pathlib import Path
from labkit.grading.isolation import Damage, Sandbox, Session, control_group

control_group.GROUP_MEMORY = 2**30  # far below what a process, and a sandbox that is watched, may have
sandbox = Sandbox(Path(sys.argv[1]), "bubblewrap")
for size in (2**28, 3 * 2**29):
    try:
        print(Session(sandbox).run_cell(f"x = b'x' * {size}", 60))
    except Damage as damage:
        print(damage)
sandbox.close()
"""


@pytest.fixture
def systemd() -> Iterator[list[str]]:
    """The words that run a command beside a systemd of its own, which begins nothing."""
    if os.geteuid() != 0 or not Path("/lib/systemd/systemd").exists():
        pytest.skip("this takes root, and systemd")
    words = ["unshare", "--mount", "--pid", "--uts", "--fork", "--mount-proc", "sh", "-c", BOOT]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(100):
                time.sleep(0.1)
                inside = psutil.Process(process.pid).children()
                beside = (
                    ["nsenter", "--mount", "--pid", "--uts", "--target", str(inside[0].pid)] if inside else []
                )
                state = [*beside, "systemctl", "is-system-running"]
                if inside and subprocess.run(state, capture_output=True).stdout.strip() in (
                    b"running",
                    b"degraded",
                ):
                    break
            else:
                pytest.skip("systemd does not start here")
            yield beside
        finally:
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()


def test_systemd_holds_a_sandbox_to_its_memory(systemd: list[str], tmp_path: Path) -> None:
    submission = tmp_path / "autograded" / "ann" / "noising"
    submission.mkdir(parents=True)
    python = [*systemd, "env", f"PYTHONPATH={os.pathsep.join(sys.path)}", sys.executable]
    asked = [
        *python,
        "-c",
        "from labkit.grading.isolation.selftest import layers; print(layers()['control group'])",
    ]
    gives = subprocess.run(asked, capture_output=True, text=True)
    if "7 GiB" not in gives.stdout:
        pytest.skip(f"systemd bounds no memory here: {gives.stdout}{gives.stderr[-300:]}")
    eaten = subprocess.run([*python, "-c", EATS, submission], capture_output=True, text=True)
    little, much = eaten.stdout.splitlines()
    assert little == "[]" and "ended" in much, eaten.stderr

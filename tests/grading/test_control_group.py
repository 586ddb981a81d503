"""A sandbox in a control group of systemd's; a stand-in for systemd-run shows the way."""

from collections.abc import Iterator
from pathlib import Path

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


def run_inside(folder: Path, source: str) -> str:
    """What a cell prints in a sandbox of its own."""
    submission = folder / "autograded" / "ann" / "noising"
    submission.mkdir(parents=True)
    sandbox = Sandbox(submission, "bubblewrap")
    try:
        (said,) = Session(sandbox).run_cell(source, 10)
        return said.text
    finally:
        sandbox.close()


def test_a_sandbox_starts_in_its_group_and_sees_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "log"
    stand_in(tmp_path, KILLS_THE_GREEDY.format(log=log), monkeypatch)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
    found = run_inside(
        tmp_path, "print(open('/proc/1/environ').read(), 'DBUS' in str(__import__('os').environ))"
    )
    assert "DBUS" not in found and found.endswith("False\n")
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

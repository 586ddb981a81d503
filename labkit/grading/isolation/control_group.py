"""A control group of systemd's around a sandbox, where this user may have one: memory and processes in sum.

The sandbox's memory is watched from outside too, five times a second: the group is exact in between, and
knows of memory that belongs to no process. See systemd-run(1), systemd.resource-control(5).
"""

import os
import subprocess
import sys
from functools import cache

from labkit.grading.isolation.contents import MEMORY, TMPFS_BYTES
from labkit.inside import limits

GROUP_MEMORY = MEMORY + 2 * TMPFS_BYTES
"""Bytes: the files of its memory file systems count as well."""

TASKS = 2 * limits.PROCESSES
"""Processes and threads: those of bubblewrap and of the first process too."""

PROGRAM = "systemd-run"

_BUS = ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")
"""Variables by which systemd-run finds the user's systemd"""

_PROBE, _TAKEN = 2**26, 2**28
"""Bytes that a probe may have, and that it takes"""

_SECONDS = 10.0


def within_group(command: list[str]) -> tuple[list[str], dict[str, str]]:
    """This command in a group of its own, if there is one to have; and the variables that it starts with.

    The command itself sees none of them.
    """
    if not is_given():
        return command, {}
    return [*_scope(GROUP_MEMORY), "/usr/bin/env", "-i", *command], _bus()


@cache
def is_given() -> bool:
    """Whether systemd bounds memory for us: it takes the wish also where it has no means to."""
    greedy = [sys.executable, "-ISc", f"b'x' * {_TAKEN}"]
    try:
        done = subprocess.run(
            [*_scope(_PROBE), *greedy], env=_bus(), capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == -9


def _scope(memory: int) -> list[str]:
    whose = [] if os.geteuid() == 0 else ["--user"]
    bounds = {"MemoryMax": memory, "MemorySwapMax": 0, "TasksMax": TASKS}
    words = [word for name, most in bounds.items() for word in ("-p", f"{name}={most}")]
    return [PROGRAM, *whose, "--scope", "--quiet", "--collect", *words, "--"]


def _bus() -> dict[str, str]:
    return {name: os.environ[name] for name in _BUS if name in os.environ}

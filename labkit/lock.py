"""One process at a time where two would write over each other."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from labkit.errors import CourseError

_FAR = 2**20
"""The byte that is locked on Windows, where nobody can read it meanwhile: behind all that is written."""


class LockedError(CourseError):
    """Another process has the lock; `holder` says which, as far as it is known."""

    def __init__(self, path: Path, holder: str):
        super().__init__(f"{path} is locked{holder and f' by {holder}'}.")
        self.holder = holder


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of this name, whose folder is there.

    The system holds it for as long as the process lives, so a killed one never leaves anything locked. On
    network drives it reaches as far as they let it; where they know no locks, nothing is locked.

    Raises LockedError where another process holds it, and OSError where nothing can be written.
    """
    while True:
        # Whoever may read it might lock it.
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "a+b", buffering=0)
        if not _lock(file):
            with file:
                file.seek(0)
                raise LockedError(path, file.read(200).decode(errors="replace"))
        if _is_there(path, file):
            break
        file.close()  # its last holder tidied it away meanwhile, and the next one would make another
    with file:
        with suppress(OSError):  # a full disk says so elsewhere
            file.truncate(0)
            file.write(f"process {os.getpid()} on {socket.gethostname()}, since {_now()}".encode())
        try:
            yield
        finally:
            if sys.platform == "win32":
                file.close()  # none that is open goes there; elsewhere it might be the next one's by then
            with suppress(OSError):
                path.unlink()


def _is_there(path: Path, file: IO[bytes]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _now() -> str:
    return f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S %Z}"


def _lock(file: IO[bytes]) -> bool:
    """Lock an open file until it is closed; False where another process has locked it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(_FAR)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except (OSError, ModuleNotFoundError):  # a file system, or a system, without locks
        return True
    return True

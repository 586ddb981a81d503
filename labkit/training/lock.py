"""One training at a time in a run's folder."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from accelerate import PartialState

from labkit.training.run import RunError, cannot_write

NAME = ".training.lock"
_FAR = 2**20
"""The byte that is locked on Windows, where nobody can read it meanwhile: behind all that is written."""


@contextmanager
def only_training(folder: Path) -> Iterator[None]:
    """Be the only training in this folder; the processes of one `torchrun` are one.

    The system holds the lock for as long as the process lives, so a killed one never leaves a folder locked.
    On network drives it reaches as far as they let it; where they know no locks, nothing is locked.

    Raises RunError, which says who holds it, where another training does, and where nothing can be written.
    """
    processes = PartialState()
    if not processes.is_main_process:
        processes.wait_for_everyone()  # until the main process has the lock
        yield
        return
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b", buffering=0)
    except OSError as error:
        raise cannot_write(path, error) from error
    with file:
        if not _lock(file):
            file.seek(0)
            holder = file.read(200).decode(errors="replace")
            raise RunError(
                f"another process is training in {folder}{holder and f' ({holder})'}. Wait until it has "
                "ended, stop it (in a notebook: shut its kernel down), or give fit another `out`."
            )
        with suppress(OSError):  # a full disk says so at the first checkpoint
            file.truncate(0)
            file.write(f"process {os.getpid()} on {socket.gethostname()}, since {_now()}".encode())
        try:
            processes.wait_for_everyone()
            yield
        finally:
            if sys.platform == "win32":
                file.close()  # none that is open goes there; elsewhere it might be the next one's by then
            with suppress(OSError):
                path.unlink()


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

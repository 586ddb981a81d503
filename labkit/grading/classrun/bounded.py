"""Work in a process of its own: what a submission's text does to a library ends with that process.

Parsers take the square of a text's length in time, or a thousand times its size in memory, where it is built
for that; some abort the process. A limit around all of them is worth more than one in front of each.
"""

import ctypes
import os
import pickle
import select
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import psutil

from labkit.errors import CourseError
from labkit.grading.memory import limit_memory

T = TypeVar("T")

MEMORY = 3 * 2**30
"""Bytes beyond what the process has when it begins."""

_PR_SET_PDEATHSIG = 1


class BoundError(CourseError):
    """It took too long, or its process ended."""


def bounded(work: Callable[[], T], seconds: float) -> T:
    """What `work` returns, from a fork of this process that may take so long, and MEMORY more than this one.

    Raises BoundError where it did not come back. `work` must not raise.
    """
    reading, writing = os.pipe()
    parent, child = os.getpid(), os.fork()
    if child == 0:
        os.close(reading)
        _work(work, writing, parent)
    os.close(writing)
    try:
        return pickle.loads(_read(reading, child, seconds))
    finally:
        os.close(reading)


def _work(work: Callable[[], T], writing: int, parent: int) -> None:
    """In the child, which ends here: nothing of the parent's is cleaned up twice."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == parent:  # else it ended before it could be asked to take us along
            limit_memory(MEMORY)
            with os.fdopen(writing, "wb") as sink:
                sink.write(pickle.dumps(work()))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _read(reading: int, child: int, seconds: float) -> bytes:
    """All that the child wrote; then it has ended, in one way or the other."""
    process, said, ended = psutil.Process(child), bytearray(), False
    until = time.monotonic() + seconds
    while not ended and (left := until - time.monotonic()) > 0:
        if select.select([reading], [], [], left)[0]:
            part = os.read(reading, 2**20)
            ended = not part
            said += part
    with suppress(psutil.Error):  # without bubblewrap a sandbox would live on
        for one in [*process.children(recursive=True), process]:
            one.kill()
    os.waitpid(child, 0)
    if not ended:
        raise BoundError(f"It was stopped after {seconds:.0f} seconds.")
    if not said:
        raise BoundError("Its process ended: a library broke, or the memory for a submission was used up.")
    return bytes(said)

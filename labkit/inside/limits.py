"""What a sandbox may use at most; set once, before any of a student's code runs, and never raised again."""

import os
import resource
from contextlib import suppress

import psutil

MEMORY = 4 * 2**30
"""Bytes of one process's own data; what torch maps of its libraries does not count."""

FILE = 200 * 2**20
"""Bytes of one file."""

PROCESSES = 128
FILES = 512


def apply() -> None:
    """For this process and all that come from it."""
    for what, most in (
        (resource.RLIMIT_DATA, MEMORY),
        (resource.RLIMIT_FSIZE, FILE),
        (resource.RLIMIT_NPROC, PROCESSES + _threads_of_this_user()),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_MEMLOCK, 2**16),
    ):
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def _threads_of_this_user() -> int:
    """All that can be seen count against the limit: of a sandbox its own two, without one a browser's too."""
    running = 0
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.uids().real == os.getuid():
                running += process.num_threads()
    return running

"""A sandbox for one submission: a process tree that starts, is watched, and is taken down as a whole."""

import contextlib
import os
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import psutil

from labkit.grading.isolation.choice import IsolationError, find_isolation
from labkit.grading.isolation.contents import MEMORY
from labkit.grading.isolation.launch import START_SECONDS, does_not_start, end, launch
from labkit.inside import limits
from labkit.inside.channel import Channel

_EVERY = 0.2
_DYING = 1.0
"""Seconds in which what was killed has ended."""


class Sandbox:
    """An isolation around `labkit.inside.zygote`; one at a time in a process.

    `kind` is one of `find_isolation`'s, by default the best, or UNSAFE. Raises IsolationError where there is
    none, or the system does not let it work.
    """

    def __init__(self, submission: Path, kind: str | None = None):
        self.submission, self.kind = submission, kind or find_isolation()
        self._start()

    def _start(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="labkit-")
        launched = launch(self.kind, self.submission, Path(self._folder.name))
        self._process, self._control, self._ending = launched.process, launched.control, launched.ending
        self.ate_too_much = False
        threading.Thread(target=self._watch, args=(self._process,), daemon=True).start()
        if self._answer(START_SECONDS) != b"ready":
            said = b""
            if self._process.stderr is not None:
                os.set_blocking(self._process.stderr.fileno(), False)
                said = self._process.stderr.read(2000) or b""
            self.close()
            raise does_not_start(said)
        self._own = {process.pid for process in self.processes()}

    def tidy(self) -> None:
        """Begin anew where something is left of earlier shells: what left its group does not end with it."""
        until = time.monotonic() + _DYING
        while any(process.pid not in self._own and _is_alive(process) for process in self.processes()):
            if time.monotonic() > until:
                self.restart()
                return
            time.sleep(_DYING / 100)

    def spawn(self) -> tuple[Channel, int]:
        """A fresh shell, and its number; starts the sandbox anew where it has died."""
        for _ in range(2):
            ours, theirs = socket.socketpair()
            with contextlib.suppress(OSError):
                socket.send_fds(self._control, [b"spawn"], [theirs.fileno()])
                theirs.close()
                number = self._answer(10.0)
                if number.isdigit() and len(number) < 8:
                    return Channel(ours), int(number)
            ours.close()
            theirs.close()
            self.restart()
        raise IsolationError("The sandbox dies as soon as it has started.")

    def interrupt(self, number: int) -> None:
        """As Ctrl-C would."""
        self._order(f"interrupt {number}")

    def kill(self, number: int) -> None:
        """End a shell, with all that it has started and that has not left its group."""
        self._order(f"kill {number}")

    def restart(self) -> None:
        """End every process, and begin anew."""
        self.close()
        self._start()

    def is_crowded(self) -> bool:
        """Whether so many processes and threads are left that others may find no room."""
        running = 0
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                running += process.num_threads()
        return running > limits.PROCESSES // 2

    def processes(self) -> list[psutil.Process]:
        """All that run in it now."""
        try:
            return psutil.Process(self._process.pid).children(recursive=True)
        except psutil.Error:
            return []

    def close(self) -> None:
        """End every process in the sandbox."""
        for process in self.processes():
            with contextlib.suppress(psutil.Error):
                process.kill()
        end(self._ending)
        self._process.kill()
        self._process.wait()
        self._control.close()
        if self._process.stderr is not None:
            self._process.stderr.close()
        self._folder.cleanup()

    def _order(self, words: str) -> None:
        with contextlib.suppress(OSError):
            self._control.send(words.encode())

    def _answer(self, seconds: float) -> bytes:
        self._control.settimeout(seconds)
        try:
            return self._control.recv(64)
        except OSError:
            return b""

    def _watch(self, process: subprocess.Popen) -> None:
        """Take the sandbox down where its processes together hold too much memory."""
        waiting = threading.Event()
        while process.poll() is None:
            if sum(_held(child.pid) for child in self.processes()) > MEMORY:
                self.ate_too_much = True
                process.kill()
            waiting.wait(_EVERY)


def try_isolation(kind: str) -> None:
    """Start one, so that what is wrong is said once, and not of every student; raises IsolationError."""
    with tempfile.TemporaryDirectory(prefix="labkit-") as folder:
        submission = Path(folder) / "autograded" / "nobody" / "nothing"
        submission.mkdir(parents=True)
        Sandbox(submission, kind).close()


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _held(pid: int) -> int:
    """Bytes that a process holds by itself or with others, without the files that it reads."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith(("RssAnon:", "RssShmem:")))

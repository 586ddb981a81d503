"""Starts a sandbox of one of the kinds that there are."""

import contextlib
import shutil
import socket
import stat
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import labkit
from labkit.grading.isolation import bubblewrap, container
from labkit.grading.isolation.calls import call_filter
from labkit.grading.isolation.choice import UNSAFE, IsolationError
from labkit.grading.isolation.contents import environment, visible_labkit, zygote
from labkit.grading.isolation.control_group import within_group
from labkit.grading.isolation.keyring import join_fresh_keyring
from labkit.grading.isolation.stranger import let_in, stranger

START_SECONDS = 120.0


@dataclass
class Launched:
    """The process to watch, our end of the control socket, and the command that ends what a kill does not."""

    process: subprocess.Popen
    control: socket.socket
    ending: list[str] = field(default_factory=list)


def launch(kind: str, submission: Path, folder: Path) -> Launched:
    """Start the first process of a sandbox on a submission; `folder` is empty, and ours until it has ended.

    Raises IsolationError where it does not come to life.
    """
    if kind in container.PROGRAMS:
        _demand_open(submission)
    elif kind != UNSAFE and (number := stranger()) is not None:
        let_in(number, submission)
    try:
        library = visible_labkit(folder / "library")
    except OSError as error:
        raise IsolationError(
            f"A sandbox needs room for its files in {folder.parent}, and they cannot be written there "
            f"({_first_reason(error)}). Make room, or set TMPDIR to a folder that has it."
        ) from None
    if kind == "bubblewrap":
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, call_filter() as calls:
            inherited = [file.fileno() for file in (theirs, calls) if file is not None]
            words, variables = within_group(
                bubblewrap.command(submission, library, _never_shown(submission), *inherited)
            )
            # Its first process inside keeps the variables that it began with, for everybody there to read.
            return Launched(_popen(words, pass_fds=inherited, env=variables), control)

    meeting, ending = folder / "meeting", []
    meeting.mkdir()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(str(meeting / "control"))
        (meeting / "control").chmod(0o666)  # for nobody in a container; `folder` is closed to others
        door.listen(1)
        if kind == UNSAFE:
            (folder / "work").mkdir()
            (folder / "submission").symlink_to(submission)
            words = [sys.executable, *zygote(str(meeting / "control"), 0, folder)]
            process = _popen(words, env=environment(folder), cwd=folder / "work")
        else:
            name = f"labkit-{folder.name}"
            ending = container.ending(kind, name)
            process = _popen(container.command(kind, name, submission, library, meeting))
        try:
            return Launched(process, _answer(door, process), ending)
        except IsolationError:
            end(ending)
            raise


def _first_reason(error: OSError) -> str:
    if isinstance(error, shutil.Error):  # of a tree: a list of source, target and reason
        return str(error.args[0][0][2])
    return error.strerror or str(error)


def end(words: list[str]) -> None:
    """Run the command that ends a container, where there is one."""
    if words:
        subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def _demand_open(submission: Path) -> None:
    """A container's user is a stranger to these files."""
    for path in [submission, *submission.rglob("*")]:
        wanted = stat.S_IROTH | stat.S_IXOTH if path.is_dir() else stat.S_IROTH
        if not path.is_symlink() and path.stat().st_mode & wanted != wanted:
            raise IsolationError(
                f"{path} is closed to others, and so to the container: install bubblewrap, or grade with "
                "`umask 022` what `chmod -R o+rX submitted` has opened"
            )


def _never_shown(submission: Path) -> list[Path]:
    """The course of autograded/STUDENT/ASSIGNMENT, and the checkout with its solutions."""
    folders = [submission.resolve().parents[2], Path(labkit.__file__).resolve().parents[1]]
    return [folder for folder in dict.fromkeys(folders) if not folder.name.endswith("-packages")]


def _popen(words: list[str], **more: Any) -> subprocess.Popen:
    return subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=join_fresh_keyring,
        **more,
    )


def _answer(door: socket.socket, process: subprocess.Popen) -> socket.socket:
    until = time.monotonic() + START_SECONDS
    door.settimeout(0.2)
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(TimeoutError):
            return door.accept()[0]
    process.kill()
    raise does_not_start(process.communicate()[1])


def does_not_start(said: bytes) -> IsolationError:
    """With the last words of its first process."""
    text = said.decode(errors="replace").strip()[-2000:] or "it gave no reason"
    remedy = ""
    if "ermission denied" in text and stranger() is not None:
        remedy = f" As root, a sandbox runs as a stranger, who may not read that: chmod -R o+rX {sys.prefix}"
    return IsolationError(f"The sandbox does not start: {text}.{remedy}")

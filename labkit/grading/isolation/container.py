"""The command line of podman or docker, where there is no bubblewrap.

The image has Python with labkit's dependencies: the Dockerfile of this repository makes it.
"""

import os
import shutil
import subprocess
from pathlib import Path

from labkit.grading.isolation.contents import MEMORY, TMPFS_BYTES, environment, zygote
from labkit.inside.limits import PROCESSES

IMAGE = os.environ.get("LABKIT_IMAGE", "ddpm-lab")
PROGRAMS = ("podman", "docker")
"""The better first"""
_SECONDS = 10.0
"""A daemon that has not answered by then is none."""
_USERS = 30_000
_PACKAGES = "/usr/local/lib/python3.11/site-packages"
_HIDDEN = ("/opt/ddpm-lab", f"{_PACKAGES}/labkit", f"{_PACKAGES}/pytorch_fid")
"""Where the image (Dockerfile) has labkit with its judges, and a package with the answer to a TODO"""


def unusable(program: str) -> str:
    """Why containers of `program` cannot be used; empty where its daemon answers and has the image."""
    if shutil.which(program) is None:
        return f"{program} is not installed"
    for words, why in (
        (["version"], f"{program} is installed, but its daemon does not answer"),
        (["image", "inspect", IMAGE], f"{program} has no image {IMAGE} (docs/other-machines.md makes it)"),
    ):
        try:
            done = subprocess.run([program, *words], capture_output=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return why
        if done.returncode:
            return why
    return ""


def command(program: str, name: str, submission: Path, library: Path, meeting: Path) -> list[str]:
    """What starts a container called `name`; it connects to the socket `meeting/control`."""
    words = [program, "run", "--rm", "--name", name]
    user = _USERS + os.getpid() % _USERS  # of its own: limits of processes are a user's, over all containers
    words += ["--user", f"{user}:{user}", "--workdir", "/sandbox/work"]
    words += ["--network", "none", "--ipc", "private", "--read-only", "--cap-drop", "ALL"]
    words += ["--security-opt", "no-new-privileges", "--pids-limit", str(PROCESSES), "--memory", str(MEMORY)]
    for folder, size in (("/sandbox/work", TMPFS_BYTES), ("/tmp", TMPFS_BYTES // 4)):
        words += ["--tmpfs", f"{folder}:rw,mode=1777,size={size}"]
    for folder in _HIDDEN:
        words += ["--tmpfs", f"{folder}:ro,size=4096"]
    for path, inside, mode in (
        (submission, "/sandbox/submission", "ro"),
        (library, "/sandbox/library", "ro"),
        (meeting, "/sandbox/meeting", "rw"),
    ):
        words += ["--volume", f"{path}:{inside}:{mode}"]
    for variable, value in environment(Path("/sandbox")).items():
        if variable != "PATH":  # the image's own
            words += ["--env", f"{variable}={value}"]
    return [*words, IMAGE, "python", *zygote("/sandbox/meeting/control", 0, Path("/sandbox"))]


def ending(program: str, name: str) -> list[str]:
    """What ends it: the program that started it is only a messenger."""
    return [program, "kill", name]

"""The sandbox's first process: imports what lessons import, once, then forks a shell for each notebook.

python -m labkit.inside.zygote CONTROL UID ROOT

CONTROL is a socket whose messages keep their bounds, by its number where it is inherited, else by its path:
`spawn`, with the notebook's socket in its company, is answered by the new process's number; `interrupt N` and
`kill N` need no answer. UID is whom to become, 0 for nobody else. ROOT has the folders submission and work.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from labkit.inside import limits
from labkit.inside.channel import Channel, ChannelError

_PR_SET_DUMPABLE = 4
"""0: nobody of the same user reaches into the memory of this process or of those that it forks: prctl(2)"""


def main() -> None:
    control, uid, root = _connect(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    if uid:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    limits.apply()
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0)
    from labkit.inside.shell import make_shell

    shell = make_shell()
    _preload()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: the grader sees the socket close
    control.send(b"ready")
    while True:
        order, sockets, *_ = socket.recv_fds(control, 64, 1)
        if not order:  # the grader has hung up
            return
        word, *number = order.split()
        if word == b"spawn":
            pid = os.fork()
            if pid == 0:
                control.close()
                _become_notebook(shell, socket.socket(fileno=sockets[0]), root)
            os.close(sockets[0])
            control.send(str(pid).encode())
        else:
            _signal(int(number[0]), {b"interrupt": signal.SIGINT, b"kill": signal.SIGKILL}[word])


def _connect(control: str) -> socket.socket:
    if control.isdigit():
        return socket.socket(fileno=int(control))
    end = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    end.connect(control)
    return end


def _preload() -> None:
    """The imports of the lessons. Nothing is computed: threads would not survive a fork."""
    import matplotlib.pyplot
    import PIL.Image
    import torch

    import labkit.course.answers
    import labkit.course.faces
    import labkit.data
    import labkit.metrics
    import labkit.networks
    import labkit.plots
    import labkit.plots.widgets
    import labkit.sampling
    import labkit.training  # noqa: F401

    matplotlib.pyplot.get_fignums()
    PIL.Image.init()
    torch.set_num_threads(1)


def _become_notebook(shell: Any, end: socket.socket, root: Path) -> None:
    """In a process group and a folder of its own: copies of the notebooks, and links to the rest."""
    from labkit.inside.shell import serve

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setpgid(0, 0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    folder = root / "work" / str(os.getpid())
    folder.mkdir()
    for path in (root / "submission").iterdir():
        if path.suffix == ".ipynb" and path.is_file():
            shutil.copyfile(path, folder / path.name)
        else:
            (folder / path.name).symlink_to(path)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    channel = Channel(end)
    try:
        with contextlib.suppress(ChannelError, KeyboardInterrupt):
            channel.send({"kind": "born"}, b"")
            serve(shell, channel)
    finally:
        os._exit(0)  # whatever a student's code left behind must not run in what follows a fork


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        (os.killpg if number == signal.SIGKILL else os.kill)(pid, number)


if __name__ == "__main__":
    main()

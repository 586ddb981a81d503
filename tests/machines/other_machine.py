"""Runs a program as if the system were not POSIX's, and spoke another language than UTF-8.

python other_machine.py SCRIPT [ARGUMENT ...]      or      python other_machine.py -m MODULE [ARGUMENT ...]

labkit's own code, and the program's, finds none of POSIX's modules, functions and signals; the libraries
below it choose by themselves what fits a system, and keep theirs. A file that labkit opens as text without
naming an encoding is an error: it would be read as UTF-8 here, and as something else there.
"""

import builtins
import os
import runpy
import signal
import sys
import warnings
from types import ModuleType

OURS = ("labkit", "__main__")
POSIX_MODULES = {"curses", "fcntl", "grp", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty"}
POSIX_FUNCTIONS = """
    chown chroot fchmod fchown fork forkpty get_blocking getegid geteuid getgid getgroups getloadavg getpgid
    getpgrp getpriority getsid getuid killpg lchown mkfifo mknod nice openpty posix_spawn pread pwrite
    register_at_fork sched_getaffinity sched_setaffinity setegid seteuid setgid setpgid setpriority setsid
    setuid statvfs sync sysconf ttyname uname wait wait3 wait4 O_CLOEXEC O_DIRECTORY O_NOFOLLOW O_NONBLOCK
    WNOHANG
"""
POSIX_SIGNALS = """
    SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGUSR1 SIGUSR2 SIGWINCH alarm getitimer
    pause pthread_kill pthread_sigmask setitimer siginterrupt sigpending sigwait
"""


def ours(depth: int) -> bool:
    """Whether the code `depth` frames above the caller is labkit's or the program's."""
    return sys._getframe(depth + 1).f_globals.get("__name__", "").partition(".")[0] in OURS


def hide_posix() -> None:
    """Take POSIX away from labkit's own code."""
    importing = builtins.__import__

    def refuse(name: str, globals=None, locals=None, fromlist=(), level: int = 0) -> ModuleType:
        importer = (globals or {}).get("__name__", "").partition(".")[0]
        if level == 0 and importer in OURS and name.partition(".")[0] in POSIX_MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return importing(name, globals, locals, fromlist, level)

    builtins.__import__ = refuse
    hide(os, POSIX_FUNCTIONS)
    hide(signal, POSIX_SIGNALS)


def hide(module: ModuleType, names: str) -> None:
    kept = {name: vars(module).pop(name) for name in names.split() if hasattr(module, name)}

    def find(name: str) -> object:
        if name not in kept or ours(1):
            raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
        return kept[name]

    module.__getattr__ = find


if __name__ == "__main__":
    hide_posix()
    warnings.filterwarnings("error", category=EncodingWarning, module="labkit")
    del sys.argv[0]
    if sys.argv[0] == "-m":
        del sys.argv[0]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        runpy.run_path(sys.argv[0], run_name="__main__")

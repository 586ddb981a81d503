"""The kernel's session keyring: inherited by every child, unless it takes another."""

import ctypes
import platform

KEYCTL = {"x86_64": 250, "aarch64": 219}.get(platform.machine())
_JOIN_SESSION_KEYRING = 1
_LIBC = ctypes.CDLL(None)


def join_fresh_keyring() -> None:
    """Leave the grader's keys behind; in a new process, before it becomes something else.

    See keyctl_join_session_keyring(3). Where the kernel has no keyrings there are no keys.
    """
    if KEYCTL is not None:
        _LIBC.syscall(KEYCTL, _JOIN_SESSION_KEYRING, None)

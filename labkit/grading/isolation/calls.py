"""The system calls that a sandbox may make, as a filter for `bwrap --seccomp`.

It is a list of what grading was seen to call, with others of the same kinds: what is not on it is answered as
by a kernel that does not know it (ENOSYS). So nobody inside reaches the kernel's keyrings, makes a name space
or mounts, traces, or holds memory that belongs to no process (memfd, System V).
"""

import errno
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import IO

_ALLOWED = """
accept accept4 access alarm arch_prctl bind brk capget chdir chmod clock_getres clock_gettime
clock_nanosleep close close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1
epoll_ctl epoll_pwait epoll_wait eventfd2 execve execveat exit exit_group faccessat faccessat2 fadvise64
fallocate fchdir fchmod fchmodat fcntl fdatasync flock fork fstat fstatfs fsync ftruncate futex
get_mempolicy get_robust_list getcpu getcwd getdents getdents64 getegid geteuid getgid getgroups getitimer
getpeername getpgid getpgrp getpid getppid getpriority getrandom getresgid getresuid getrlimit getrusage
getsid getsockname getsockopt gettid gettimeofday getuid inotify_add_watch inotify_init1 ioctl kill link
linkat listen lseek lstat madvise mbind membarrier mincore mkdir mkdirat mlock mmap mprotect mremap msync
munlock munmap nanosleep newfstatat open openat pidfd_open pidfd_send_signal pipe pipe2 poll ppoll prctl
pread64 preadv prlimit64 pselect6 pwrite64 pwritev read readlink readlinkat readv recvfrom recvmmsg recvmsg
rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask rt_sigreturn
rt_sigsuspend rt_sigtimedwait sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getparam
sched_getscheduler sched_setaffinity sched_yield select sendfile sendmmsg sendmsg sendto set_robust_list
set_tid_address setgroups setitimer setpgid setresgid setresuid setrlimit setsid setsockopt shutdown
sigaltstack signalfd4 socketpair stat statfs statx symlink symlinkat sync_file_range sysinfo tgkill time
timerfd_create timerfd_settime times tkill truncate umask uname unlink unlinkat utimensat vfork wait4 waitid
write writev
"""

_NEW_NAMESPACES = 0x7E020000
"""CLONE_NEW… in clone's flags. clone3 has them in memory, where no filter looks; libc falls back to clone."""

_FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6)


@contextmanager
def call_filter() -> Iterator[IO[bytes] | None]:
    """The filter in a file for bwrap to read; None where libseccomp is missing."""
    program = _program()
    if program is None:
        yield None
        return
    with tempfile.TemporaryFile() as file:
        file.write(program)
        file.seek(0)
        yield file


def number() -> int:
    """Of the system calls that pass; 0 where there is no filter."""
    return len(_ALLOWED.split()) + 2 if _program() is not None else 0


@cache
def _program() -> bytes | None:
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError):  # the binding, or the system's library
        return None
    calls = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.ENOSYS))
    for name in _ALLOWED.split():
        try:
            calls.add_rule(pyseccomp.ALLOW, name)
        except (OSError, ValueError):  # a name that this processor, or this libseccomp, does not have
            continue
    without = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, _NEW_NAMESPACES, 0)
    calls.add_rule(pyseccomp.ALLOW, "clone", without)
    for family in _FAMILIES:
        calls.add_rule(pyseccomp.ALLOW, "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
    with tempfile.TemporaryFile() as file:
        calls.export_bpf(file)
        file.seek(0)
        return file.read()

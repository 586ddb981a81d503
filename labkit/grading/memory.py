"""A limit of memory for work on what students hand in, whatever it makes a library or a judge do."""

import resource

import psutil


def limit_memory(more: int) -> tuple[int, int]:
    """Let this process take so many bytes beyond what it has; returns its limits as they were.

    A harder limit that the system has set stays.
    """
    before = resource.getrlimit(resource.RLIMIT_DATA)
    most, hard = psutil.Process().memory_info().data + more, before[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    return before

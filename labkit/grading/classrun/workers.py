"""Who grades: processes of this machine, or the workers of a dask cluster; either way as `submit(work, …)`.

The processes of this machine hear from pipes alone. dask's own LocalCluster listens on a port, and whoever
reaches that, any account of the machine, runs code as the grader.
"""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from typing import Any

from labkit.errors import CourseError

Submit = Callable[..., Future]
"""`submit(work, *arguments)` → what will be `work(*arguments)`, from another process"""

# One thread each; and glibc keeps freed memory, which makes sampling on a CPU a third faster.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_TOP_PAD_": str(64 * 2**20),
    "PYTHONSAFEPATH": "1",  # else a process imports from the current folder first, and that may be an inbox
}

_TRIES = 2
_GRACE = 10.0


@contextmanager
def processes(count: int) -> Iterator[Submit]:
    """`count` processes of this machine, which end with this block or with this process.

    Work whose process was killed is tried once more in a fresh one; then its future has a CourseError.
    """
    mine, all_workers, is_over = threading.local(), [], threading.Event()

    def in_a_process(work: Callable[..., Any], *arguments: Any) -> Any:
        for _ in range(_TRIES):
            if is_over.is_set():
                break
            if getattr(mine, "worker", None) is None:
                mine.worker = _Worker()
                all_workers.append(mine.worker)
            try:
                return mine.worker.do(work, arguments)
            except (EOFError, OSError):
                mine.worker.kill()
                mine.worker = None
        raise CourseError("its process was killed, and so was a second one: perhaps the memory is used up.")

    threads = ThreadPoolExecutor(count)
    with _environment(_ENVIRONMENT):
        try:
            yield lambda work, *arguments: threads.submit(in_a_process, work, *arguments)
        finally:
            is_over.set()
            threads.shutdown(wait=False, cancel_futures=True)
            for worker in all_workers:
                worker.end()
            threads.shutdown()


class _Worker:
    """A process that does one thing after the other; for one thread alone."""

    def __init__(self) -> None:
        self._pipe, end = get_context("spawn").Pipe()
        self._process = get_context("spawn").Process(target=_serve, args=(end,), daemon=True)
        self._process.start()
        end.close()
        self._is_busy = False

    def do(self, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Its result, or its exception; raises EOFError or OSError where the process has ended."""
        self._is_busy = True
        self._pipe.send((work, arguments))
        result, error = self._pipe.recv()
        self._is_busy = False
        if error is not None:
            raise error
        return result

    def end(self) -> None:
        """By itself, so that it tidies up, where it has nothing to do."""
        if not self._is_busy:
            self._pipe.close()
            self._process.join(_GRACE)
        self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _serve(pipe: Connection) -> None:
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    with suppress(EOFError, OSError):  # nobody asks any more
        while True:
            work, arguments = pipe.recv()
            try:
                outcome: tuple[Any, Exception | None] = work(*arguments), None
            except Exception as error:
                outcome = None, RuntimeError(f"{type(error).__name__}: {error}")  # whatever can be pickled
            pipe.send(outcome)


def _end_with_the_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """For the processes that are started meanwhile."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)

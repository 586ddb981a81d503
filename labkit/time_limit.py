"""A limit for code that may never come back."""

import signal
import threading
import time
from _thread import interrupt_main
from collections.abc import Iterator
from contextlib import contextmanager


class EndlessError(TimeoutError):
    """Code was stopped because its time was over."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise EndlessError in the main thread after `seconds`; works on every platform.

    A Timer interrupts the main thread as Ctrl-C would; one that a person sends passes through as it is. So it
    stops no code that catches KeyboardInterrupt, none in another thread, and a call into C, such as
    time.sleep, only when that comes back. Limits cannot be nested.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    lock, state = threading.Lock(), {"running": True, "fired": False}

    def fire() -> None:
        with lock:
            if state["running"]:
                state["fired"] = True
                interrupt_main()

    timer = threading.Timer(seconds, fire)
    timer.daemon = True
    before = signal.getsignal(signal.SIGINT)
    deaf = before in (signal.SIG_IGN, signal.SIG_DFL)  # as a shell starts what it runs in the background
    if deaf:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    timer.start()
    try:
        try:
            yield
        finally:
            with lock:
                state["running"] = False
            timer.cancel()
            if state["fired"]:
                time.sleep(0.05)  # an interrupt on its way arrives here, not in the caller's code
    except KeyboardInterrupt:
        if not state["fired"]:
            raise
        raise EndlessError(
            f"Your code had not come back after {seconds:.0f} seconds: look for a loop without end."
        ) from None
    finally:
        if deaf:
            signal.signal(signal.SIGINT, before)

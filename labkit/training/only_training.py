"""One training at a time in a run's folder."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from accelerate import PartialState

from labkit.lock import LockedError, locked
from labkit.training.run import RunError, cannot_write

NAME = ".training.lock"


@contextmanager
def only_training(folder: Path) -> Iterator[None]:
    """Be the only training in this folder; the processes of one `torchrun` are one. See `locked`.

    Raises RunError, which says who holds it, where another training does, and where nothing can be written.
    """
    processes = PartialState()
    if not processes.is_main_process:
        processes.wait_for_everyone()  # until the main process has the lock
        yield
        return
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(folder / NAME))
        except LockedError as error:
            raise RunError(
                f"another process is training in {folder}{error.holder and f' ({error.holder})'}. Wait until "
                "it has ended, stop it (in a notebook: shut its kernel down), or give fit another `out`."
            ) from None
        except OSError as error:
            raise cannot_write(folder / NAME, error) from error
        processes.wait_for_everyone()
        yield

"""Progress bars, where somebody may be looking."""

import sys
from collections.abc import Iterable
from typing import Any

from tqdm.auto import tqdm


def progress(items: Iterable[Any] | None = None, **kwargs: Any) -> tqdm:
    """A tqdm bar that disappears in the end; nothing where stderr goes to a file or a program executes us."""
    return tqdm(items, leave=False, disable=None if watched() else True, **kwargs)


def watched() -> bool:
    """Whether somebody may be looking; a program that executes notebooks answers no questions."""
    kernel = running_kernel()
    return kernel is None or kernel.get_parent().get("content", {}).get("allow_stdin", False)


def running_kernel() -> Any:
    """The Jupyter kernel that this process is, None where it is none."""
    if "IPython" not in sys.modules:
        return None
    return getattr(sys.modules["IPython"].get_ipython(), "kernel", None)

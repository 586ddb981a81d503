"""DDPM Lab: the library behind the course's notebooks. It solves no TODO."""

import sys
from importlib.metadata import PackageNotFoundError, version

if sys.version_info < (3, 11):  # noqa: UP036 - a kernel may find labkit on its path, without pip
    raise ImportError(
        "DDPM Lab needs Python 3.11 or newer: choose another kernel, or set up the course anew."
    )

try:
    __version__ = version("ddpm-lab")
except PackageNotFoundError:  # found on the path, without pip
    __version__ = "0+unknown"

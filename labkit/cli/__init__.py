"""The `labkit` command: thin over the library.

Exit codes: 0 done, 1 it says no, 2 wrong use. With --json one object goes to stdout and nothing else.
Commands import what they need when they run, so that --help is quick and a student needs no nbgrader.
"""

from labkit.cli import data, doctor, images, instructor, metrics, student  # noqa: F401 - they register their commands
from labkit.cli.app import app

__all__ = ["app"]

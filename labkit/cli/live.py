"""What an instructor sees while a class is graded."""

from collections import deque
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from labkit.grading.classrun.grade_class import Graded

_ROWS = 12


class ClassProgress:
    """A bar with the time left, and below it who was graded last, how long it took, and with what result.

    A context manager; where the console is no terminal, each is a line.
    """

    def __init__(self, console: Console, assignment: str):
        self._console, self._assignment, self._done = console, assignment, 0
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left:"),
            TimeRemainingColumn(),
            console=console,
        )
        self._task = self._bar.add_task(f"grading {assignment}", total=None)
        self._last: deque[Graded] = deque(maxlen=_ROWS)
        self._failed = 0
        self._live = Live(console=console, get_renderable=self._view, transient=True)

    def advance(self, one: Graded, of: int) -> None:
        """One of so many submissions is graded."""
        self._last.append(one)
        self._failed += not one.succeeded
        self._done += 1
        self._bar.update(self._task, total=of, advance=1)
        if not self._console.is_terminal:
            took = f"graded in {one.seconds:.0f} s" if one.fresh else "graded before"
            text = f"{self._assignment}: {self._done} of {of}, {one.student} {one.failure or took}"
            self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _view(self) -> Group:
        rows = Table(box=None, padding=(0, 2, 0, 0))
        for name in ("student", "seconds", "result"):
            rows.add_column(name, justify="right" if name == "seconds" else "left")
        for one in self._last:
            result = (
                Text(one.failure, style="red")
                if one.failure
                else Text("graded" if one.fresh else "as before")
            )
            rows.add_row(Text(one.student), f"{one.seconds:.0f}" if one.fresh else "", result)
        return Group(self._bar, rows, Text(f"{self._failed} could not be graded" if self._failed else ""))

    def __enter__(self) -> "ClassProgress":
        self._live.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._live.__exit__(*error)

"""The class in a terminal."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from labkit.appearance import MARKS
from labkit.grading.execution.execute import WARNING
from labkit.grading.report.read import StudentReport

_STYLE = {"right": "green", "partly": "yellow", "pending": "cyan", "empty": "dim", "missing": "dim"}


def table(reports: list[StudentReport], title: str) -> Group:
    """student × TODO with the points, below it who was late and every mistake by its name; in 80 columns."""
    points = Table(title=title, box=None, padding=(0, 1, 0, 0))
    points.add_column("student", no_wrap=True)
    for cell in reports[0].cells:
        if not cell.by_hand:
            todo = cell.todo.replace("_", "_\n")
            points.add_column(f"{todo}\n/{cell.max_points:g}", justify="right", overflow="fold")
    in_words = sum(cell.max_points for cell in reports[0].cells if cell.by_hand)
    points.add_column(f"by\nhand\n/{in_words:g}", justify="right", no_wrap=True)
    points.add_column(f"sum\n/{reports[0].max_score:g}", justify="right")
    mistakes = _below("what went wrong", "student", "TODO", "mistake")
    late = _below("handed in late", "student", "how late, and what it costs")
    for report in reports:
        row = [Text(report.student)]
        why: dict[str, list[str]] = {}
        for cell in report.cells:
            if not cell.by_hand:
                mark = MARKS["partly"] if cell.status == "partly" else ""
                row.append(Text(f"{mark}{cell.points or 0:g}", style=_STYLE.get(cell.status, "red")))
                if cell.status != "right":
                    why.setdefault(" and ".join(cell.mistakes) or cell.status, []).append(cell.todo)
        given = sum(cell.points or 0 for cell in report.cells if cell.by_hand)
        by_hand = [f"{given:g}"] if given or not report.pending else []
        by_hand += [f"{report.pending:g} open"] if report.pending else []
        row.append(Text("\n".join(by_hand), style="cyan"))
        points.add_row(*row, Text(f"{report.score:g}", style="bold"))
        for mistake, todos in why.items():
            mistakes.add_row(Text(report.student), Text(", ".join(todos)), Text(mistake))
        if report.lateness:
            late.add_row(Text(report.student), Text(report.lateness))
    unsafe = [Text(f"\n{WARNING}", style="bold red")] if any(one.unsafe for one in reports) else []
    return Group(points, *([late] if late.row_count else []), mistakes, *unsafe)


def _below(title: str, *columns: str) -> Table:
    below = Table(title=f"\n{title}", box=None, padding=(0, 1, 0, 0))
    for name in columns:
        below.add_column(name, overflow="fold")
    return below

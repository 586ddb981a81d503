"""The class in a terminal."""

from rich.console import Group
from rich.table import Table
from rich.text import Text

from labkit.appearance import MARKS
from labkit.grading.execution.execute import WARNING
from labkit.grading.report.read import CellReport, StudentReport

_STYLE = {"right": "green", "partly": "yellow", "pending": "cyan", "empty": "dim", "missing": "dim"}


_COLUMNS = 80
"""of a terminal"""


def table(reports: list[StudentReport], title: str) -> Group:
    """student × TODO with the points, below it who was late and every mistake by its name; in 80 columns.

    Where the TODOs do not fit side by side, they come in several tables, the sums in the last.
    """
    mistakes = _below("what went wrong", "student", "TODO", "mistake")
    late = _below("handed in late", "student", "how late, and what it costs")
    for report in reports:
        why: dict[str, list[str]] = {}
        for cell in (cell for cell in report.cells if not cell.by_hand and cell.status != "right"):
            why.setdefault(" and ".join(cell.mistakes) or cell.status, []).append(cell.todo)
        for mistake, todos in why.items():
            mistakes.add_row(Text(report.student), Text(", ".join(todos)), Text(mistake))
        if report.lateness:
            late.add_row(Text(report.student), Text(report.lateness))
    unsafe = [Text(f"\n{WARNING}", style="bold red")] if any(one.unsafe for one in reports) else []
    points = _points(reports, title)
    return Group(*points, *([late] if late.row_count else []), mistakes, *unsafe)


def _points(reports: list[StudentReport], title: str) -> list[Table]:
    """Tables of the points, beside one another as many TODOs as fit."""
    checks = [[cell for cell in report.cells if not cell.by_hand] for report in reports]
    heads = [cell.todo.replace("_", "_\n") + f"\n/{cell.max_points:g}" for cell in checks[0]]
    names = max(len("student"), *(len(report.student) for report in reports))
    sums = [_sums(report) for report in reports]
    room = _COLUMNS - names - 1 - len("16 open ") - len("33.667")
    blocks = _blocks([max(map(len, head.split("\n"))) for head in heads], room)
    tables: list[Table] = []
    for block in blocks:
        points = Table(title=None if tables else title, box=None, padding=(0, 1, 0, 0))
        points.add_column("student", no_wrap=True)
        for number in block:
            points.add_column(heads[number], justify="right", overflow="fold")
        if last := block is blocks[-1]:
            in_words = sum(cell.max_points for cell in reports[0].cells if cell.by_hand)
            points.add_column(f"by\nhand\n/{in_words:g}", justify="right", no_wrap=True)
            points.add_column(f"sum\n/{reports[0].max_score:g}", justify="right")
        for report, cells, its_sums in zip(reports, checks, sums, strict=True):
            row = [_of_check(cells[number]) for number in block]
            points.add_row(Text(report.student), *row, *(its_sums if last else ()))
        tables.append(points)
    return tables


def _of_check(cell: CellReport) -> Text:
    mark = MARKS["partly"] if cell.status == "partly" else ""
    return Text(mark + _number(cell.points or 0), style=_STYLE.get(cell.status, "red"))


def _sums(report: StudentReport) -> tuple[Text, Text]:
    """The points by hand, given and open, and all together."""
    given = sum(cell.points or 0 for cell in report.cells if cell.by_hand)
    by_hand = [_number(given)] if given or not report.pending else []
    by_hand += [f"{report.pending:g} open"] if report.pending else []
    return Text("\n".join(by_hand), style="cyan"), Text(_number(report.score), style="bold")


def _number(points: float) -> str:
    """Thirds of points in three digits."""
    return f"{round(points, 3):g}"


def _blocks(widths: list[int], room: int) -> list[list[int]]:
    """The columns by their numbers, in as few blocks as fit into the room; at least one in each."""
    blocks: list[list[int]] = [[]]
    for number, width in enumerate(widths):
        if blocks[-1] and sum(widths[other] + 1 for other in blocks[-1]) + width > room:
            blocks.append([])
        blocks[-1].append(number)
    return blocks


def _below(title: str, *columns: str) -> Table:
    below = Table(title=f"\n{title}", box=None, padding=(0, 1, 0, 0))
    for name in columns:
        below.add_column(name, overflow="fold")
    return below

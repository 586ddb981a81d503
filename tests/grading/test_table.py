"""The class in a terminal: as many TODOs side by side as fit, and no number or name cut."""

import pytest
from rich.console import Console

from labkit.course.syllabus import TASKS
from labkit.grading.report import table
from labkit.grading.report.read import CellReport, StudentReport


def student(name: str, todos: list[str], points: float = 2.0) -> StudentReport:
    cells = [CellReport(f"check_{todo}", todo, "06", points, 2.0, "right") for todo in todos]
    open_cell = CellReport("explain", "explain", "06", None, 16.0, "pending", by_hand=True)
    return StudentReport(name, [*cells, open_cell])


def lines_of(reports: list[StudentReport]) -> list[str]:
    console = Console(width=80)
    with console.capture() as shown:
        console.print(table(reports, "an assignment"))
    return shown.get().splitlines()


def words_behind(name: str, lines: list[str]) -> list[str]:
    return [word for line in lines if line.startswith(f"{name} ") for word in line.split()[1:]]


@pytest.mark.parametrize("assignment", TASKS)
def test_every_points_are_there_once_and_the_sum_in_the_end(assignment: str) -> None:
    todos = [name for lesson in TASKS[assignment] for name in (*lesson.todos, *lesson.looks)]
    lines = lines_of([student("ada", todos), student("a_longer_name", todos, points=4 / 3)])
    assert max(map(len, lines)) <= 80 and not any("…" in line for line in lines)
    assert words_behind("ada", lines) == ["2"] * len(todos) + ["16", "open", str(2 * len(todos))]
    total = f"{round(4 / 3 * len(todos), 3):g}"
    assert words_behind("a_longer_name", lines) == ["1.333"] * len(todos) + ["16", "open", total]


def test_few_todos_stand_in_one_table() -> None:
    lines = lines_of(
        [student("ada", [todo for lesson in TASKS["task1_swiss_roll"] for todo in lesson.todos])]
    )
    assert sum(line.startswith("ada ") for line in lines) == 1


def test_a_very_long_name_leaves_room_for_one_todo_at_least() -> None:
    lines = lines_of([student("x" * 75, ["q_sample", "p_sample"])])
    assert "2" in "".join(lines)

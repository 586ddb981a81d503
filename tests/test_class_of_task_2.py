"""Task 2 at work: its example class, from the released notebooks to the gradebook, in the profile `smoke`."""

from pathlib import Path

import pytest
from rich.console import Console

from labkit.course.syllabus import TASKS
from labkit.grading.classrun.grade_class import grade_class
from labkit.grading.course_folder import Course
from labkit.grading.demo import make_class
from labkit.grading.report import StudentReport, read_class, table

ROOT = Path(__file__).parents[1]
ASSIGNMENT = "task2_images"
TODOS = [todo for lesson in TASKS[ASSIGNMENT] for todo in lesson.todos]

EXPECTED = {  # student → (points for the TODOs, the mistakes that must be named in them)
    "abe": (27, {}),
    "ada": (30, {}),
    "ben": (30, {}),
    "cleo": (0, {}),
    "dan": (27, {"cosine_betas": "clipped_too_low"}),
    "eve": (27, {"step_predict_noise": "noise_at_last_step"}),
    "finn": (28, {"get_loss_noise": "target_x0"}),
    "gil": (26, {}),
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, StudentReport]:
    folder = tmp_path_factory.mktemp("class2") / "demo"
    course = make_class(Course.open(ROOT), folder, lambda text: None, [ASSIGNMENT])
    assert all(one.succeeded for one in grade_class(course, ASSIGNMENT))
    return {one.student: one for one in read_class(course, ASSIGNMENT)}


def test_everybody_gets_what_their_functions_earn_and_hears_why(reports: dict[str, StudentReport]) -> None:
    for name, (points, mistakes) in EXPECTED.items():
        cells = [cell for cell in reports[name].cells if cell.todo in TODOS]
        assert len(cells) == len(TODOS)
        assert sum(cell.points for cell in cells) == points, name
        assert {cell.todo: cell.misconception for cell in cells if cell.misconception} == mistakes, name


def test_an_endless_cell_costs_its_own_todo(reports: dict[str, StudentReport]) -> None:
    statuses = {cell.todo: cell.status for cell in reports["abe"].cells if cell.todo in TODOS}
    assert statuses.pop("get_loss_mean") == "time-out"
    assert set(statuses.values()) == {"right"}


def test_runs_and_faces_are_judged_from_what_was_handed_in(reports: dict[str, StudentReport]) -> None:
    """Seconds of training teach an x0 predictor something, but draw no face."""
    judged = {cell.todo: cell for cell in reports["ada"].cells}
    assert judged["trajectories"].points > 0
    assert judged["face_quality"].misconception == "no_faces"
    assert {cell.status for cell in reports["gil"].cells if cell.notebook.startswith("08")} == {"missing"}
    assert reports["cleo"].score == 0 and reports["cleo"].max_score == 70


def test_the_table_fits_into_a_terminal_and_cuts_no_name(reports: dict[str, StudentReport]) -> None:
    console = Console(width=80)
    with console.capture() as shown:
        console.print(table(list(reports.values()), ASSIGNMENT))
    lines = shown.get().splitlines()
    assert "…" not in shown.get() and max(map(len, lines)) <= 80
    assert sum(line.startswith("ada ") and "16 open" in line for line in lines) == 1

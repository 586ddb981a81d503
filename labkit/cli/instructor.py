"""An instructor's commands: release, collect, grade, report; and the example class."""

from pathlib import Path
from typing import Annotated, Any

import typer

from labkit.cli.app import ERR, OUT, JsonOption, command, print_json

CourseOption = Annotated[Path, typer.Option("--course", help="the course's folder")]
AssignmentArgument = Annotated[str, typer.Argument(help="for example task1_swiss_roll")]
StudentOption = Annotated[str | None, typer.Option("--student", help="this one only")]


@command
def release(assignment: AssignmentArgument, course: CourseOption = Path(".")) -> None:
    """Make the students' notebooks and enter the assignment into the gradebook.

    Example: labkit release task1_swiss_roll
    """
    from labkit.grading.build import release as run
    from labkit.grading.course import Course

    for path in run(Course.open(course), assignment):
        OUT.print(f"released {path}", markup=False, highlight=False, soft_wrap=True)


@command
def collect(
    assignment: AssignmentArgument,
    zips: Annotated[Path, typer.Argument(help="a folder of zips named by student: ann.zip")],
    course: CourseOption = Path("."),
    json_: JsonOption = False,
) -> None:
    """Unpack the students' zips safely into submitted/; exits with 1 where a zip was refused.

    Example: labkit collect task1_swiss_roll downloads/
    """
    from labkit.grading.course import Course
    from labkit.grading.submissions import collect as run

    opened = Course.open(course)
    opened.require_assignment(assignment)
    collected = run(assignment, zips, opened.step("submitted"))
    if json_:
        print_json({"assignment": assignment, "zips": [vars(one) for one in collected]})
    else:
        for one in collected:
            style = "red" if one.status == "refused" else None
            reason = f": {one.reason}" if one.reason else ""
            OUT.print(f"{one.zip} {one.status}{reason}", style=style, markup=False, soft_wrap=True)
    if any(one.status == "refused" for one in collected):
        raise typer.Exit(1)


@command
def grade(
    assignment: AssignmentArgument,
    student: StudentOption = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="default: one a core")] = None,
    course: CourseOption = Path("."),
    json_: JsonOption = False,
) -> None:
    """Grade all submissions: gradebook, gradebook.csv, feedback pages.

    Exits with 1 where a submission could not be graded; the others are.

    Example: labkit grade task1_swiss_roll --workers 4
    """
    from rich.progress import Progress

    from labkit.grading.classrun import Graded, grade_class
    from labkit.grading.course import Course

    opened = Course.open(course)
    with Progress(console=ERR, transient=True) as progress:
        bar = progress.add_task(f"grading {assignment}", total=None)

        def advance(graded: Graded, of: int) -> None:
            progress.update(bar, total=of, advance=1, description=f"graded {graded.student}")

        results = grade_class(opened, assignment, student, workers, advance)
    for one in results:
        if not one.succeeded:
            ERR.print(
                f"{one.student} could not be graded: see {one.log}", style="red", markup=False, soft_wrap=True
            )
    if any(one.succeeded for one in results):
        _report(opened, assignment, student, json_)
    if not all(one.succeeded for one in results):
        raise typer.Exit(1)


@command
def report(
    assignment: AssignmentArgument,
    student: StudentOption = None,
    course: CourseOption = Path("."),
    json_: JsonOption = False,
) -> None:
    """Show the class's points and named mistakes; write gradebook.csv and feedback pages anew.

    Example: labkit report task1_swiss_roll --json
    """
    from labkit.grading.course import Course

    _report(Course.open(course), assignment, student, json_)


@command
def demo(
    into: Annotated[Path, typer.Option("--into", help="where the example class is made")] = Path(
        "demo_class"
    ),
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="default: one a core")] = None,
    course: CourseOption = Path("."),
) -> None:
    """Make an example class of eight, grade it, and show the result.

    Example: labkit demo
    """
    from labkit.grading.course import Course
    from labkit.grading.demo import ASSIGNMENT, make_class

    opened = make_class(Course.open(course), into, lambda text: ERR.print(text, markup=False, soft_wrap=True))
    grade(ASSIGNMENT, None, workers, opened.root, False)


def _report(course: Any, assignment: str, student: str | None, as_json: bool) -> None:
    from labkit.grading.report import read_class, table, write_csv, write_pages

    everybody = read_class(course, assignment)
    sheet = write_csv(course, assignment, everybody)
    shown = everybody if student is None else read_class(course, assignment, student)
    write_pages(course, assignment, shown)
    if as_json:
        print_json({"assignment": assignment, "students": [one.to_json() for one in shown]})
        return
    OUT.print(table(shown, assignment))
    OUT.print(f"points: {sheet}", markup=False, highlight=False, soft_wrap=True)
    pages = course.step("feedback") / "STUDENT" / assignment / "index.html"
    OUT.print(f"feedback: {pages}", markup=False, highlight=False, soft_wrap=True)

"""An instructor's commands: release, collect, grade, report; and the example class."""

from pathlib import Path
from typing import Annotated, Any

import typer

from labkit.cli.app import ERR, OUT, JsonOption, command, print_json
from labkit.errors import CourseError

CourseOption = Annotated[Path, typer.Option("--course", help="the course's folder")]
AssignmentArgument = Annotated[str, typer.Argument(help="for example task1_swiss_roll")]
StudentOption = Annotated[str | None, typer.Option("--student", help="this one only")]


@command
def release(assignment: AssignmentArgument, course: CourseOption = Path(".")) -> None:
    """Make the students' notebooks, with labkit's wheel beside them, and the gradebook's entry.

    Example: labkit release task1_swiss_roll
    """
    from labkit.grading.course_folder import Course
    from labkit.grading.release.build import release as run
    from labkit.grading.release.wheel import put_wheel

    released = run(Course.open(course), assignment)
    for path in released:
        OUT.print(f"released {path}", markup=False, highlight=False, soft_wrap=True)
    try:
        OUT.print(f"released {put_wheel(released[0].parent)}", markup=False, highlight=False, soft_wrap=True)
    except CourseError as error:  # the notebooks are there nevertheless
        ERR.print(str(error), style="yellow", markup=False, highlight=False, soft_wrap=True)


@command
def collect(
    assignment: AssignmentArgument,
    inbox: Annotated[
        Path,
        typer.Argument(help="a folder of zips or folders named by student (ann.zip), or an LMS's download"),
    ],
    course: CourseOption = Path("."),
    json_: JsonOption = False,
) -> None:
    """Take the students' zips or folders safely into submitted/; exits with 1 where one was refused.

    Says of each file what became of it. What a newer submission replaces is kept in submitted_before/.

    Example: labkit collect task1_swiss_roll downloads/
    """
    from labkit.grading.course_folder import Course
    from labkit.grading.intake.collect import collect as run

    opened = Course.open(course)
    opened.require_assignment(assignment)
    collected = run(opened, assignment, inbox)
    if json_:
        print_json({"assignment": assignment, "zips": [vars(one) for one in collected]})
    else:
        for one in collected:
            style = "red" if one.status == "refused" else None
            whose = "" if one.zip.removeprefix(one.student) in ("", ".zip") else f", of {one.student}"
            reason = f": {one.reason}" if one.reason else ""
            OUT.print(f"{one.zip} {one.status}{whose}{reason}", style=style, markup=False, soft_wrap=True)
    if any(one.status == "refused" for one in collected):
        raise typer.Exit(1)


@command
def grade(
    assignment: AssignmentArgument,
    student: StudentOption = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="default: one a core")] = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="of a dask cluster, as tls://host:8786")
    ] = None,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="without a sandbox: only code that you would run yourself")
    ] = False,
    course: CourseOption = Path("."),
    json_: JsonOption = False,
) -> None:
    """Grade all submissions: gradebook, also as CSV, and feedback pages.

    What was graded before, and has not changed since, is not graded again. Exits with 1 where a submission
    could not be graded; the others are.

    Example: labkit grade task1_swiss_roll --workers 4
    """
    from labkit.grading.course_folder import Course
    from labkit.grading.isolation import UNSAFE

    opened = Course.open(course)
    isolation = UNSAFE if unsafe else _choose_isolation()
    _grade(opened, assignment, isolation, student, workers, scheduler, json_)


@command
def cluster_keys(course: CourseOption = Path(".")) -> None:
    """Make the keys by which a dask cluster and labkit grade know each other, and say how to start it.

    Example: labkit cluster-keys
    """
    from labkit.grading.classrun.cluster import make_keys, options
    from labkit.grading.course_folder import Course

    folder = make_keys(Course.open(course))
    OUT.print(
        f"The keys are in {folder}: whoever has them runs code on the cluster. Start it with\n"
        f"  dask scheduler --protocol tls {options(folder)}\n"
        f"  dask worker tls://HOST:8786 --nworkers 4 --nthreads 1 {options(folder)}\n"
        "and grade on it with\n"
        "  labkit grade ASSIGNMENT --scheduler tls://HOST:8786",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )


def _choose_isolation() -> str:
    """Once, before anything is trained or graded, and said in a line."""
    from labkit.grading.isolation import find_isolation, program_of, try_isolation

    kind = find_isolation()
    try_isolation(kind)
    text = f"Students' code runs in a sandbox of {kind} ({program_of(kind)})."
    ERR.print(text, markup=False, highlight=False, soft_wrap=True)
    return kind


def _grade(
    opened: Any,
    assignment: str,
    isolation: str,
    student: str | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    json_: bool = False,
) -> None:
    from labkit.cli.live import ClassProgress
    from labkit.grading.classrun.grade_class import grade_class

    with ClassProgress(ERR, assignment) as live:
        results = grade_class(opened, assignment, student, workers, scheduler, isolation, live.advance)
    before = sum(not one.fresh for one in results)
    if before:
        ERR.print(f"{before} of {len(results)} were graded before and have not changed.")
    for one in results:
        if not one.succeeded:
            text = f"{one.student} could not be graded: {one.failure} All of it: {one.log}"
            ERR.print(text, style="red", markup=False, highlight=False, soft_wrap=True)
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
    """Show the class's points and named mistakes; write the CSV, the class's page and the feedback anew.

    Example: labkit report task1_swiss_roll --json
    """
    from labkit.grading.course_folder import Course

    _report(Course.open(course), assignment, student, json_)


@command
def similar(
    assignment: AssignmentArgument, course: CourseOption = Path("."), json_: JsonOption = False
) -> None:
    """Name pairs of students whose answers are more alike than answers are: look at them.

    They prove nothing. `labkit report` shows the answers side by side.

    Example: labkit similar task1_swiss_roll
    """
    from labkit.grading.course_folder import Course
    from labkit.grading.similar.pairs import similar_in_class

    pairs = similar_in_class(Course.open(course), assignment)
    if json_:
        print_json({"assignment": assignment, "pairs": [pair.as_json() for pair in pairs]})
        return
    for pair in pairs:
        todos = ", ".join(
            f"{one.todo} ({one.common} rare fingerprints in common, {one.share:.0%})" for one in pair.alike
        )
        OUT.print(f"{' and '.join(pair.students)}: {todos}", markup=False, highlight=False, soft_wrap=True)
    shown = f"`labkit report {assignment}` shows the answers side by side. They prove nothing."
    said = f"Pairs to look at: {len(pairs)}. {shown}" if pairs else "No pair stands out."
    OUT.print(said, markup=False, highlight=False, soft_wrap=True)


@command
def demo(
    into: Annotated[Path, typer.Option("--into", help="where the example class is made")] = Path(
        "demo_class"
    ),
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="default: one a core")] = None,
    course: CourseOption = Path("."),
) -> None:
    """Make an example class of eight, grade its two assignments, and show the result.

    Example: labkit demo
    """
    from labkit.course.syllabus import TASKS
    from labkit.grading.course_folder import Course
    from labkit.grading.demo import fresh_course, hand_in

    isolation = _choose_isolation()
    made = fresh_course(Course.open(course), into)
    for assignment in TASKS:
        hand_in(made, assignment, lambda text: ERR.print(text, markup=False, highlight=False, soft_wrap=True))
        _grade(made, assignment, isolation, workers=workers)


def _report(course: Any, assignment: str, student: str | None, as_json: bool) -> None:
    from labkit.grading.late import renew_penalties
    from labkit.grading.report import read_class, table, write_class_page, write_csv, write_pages
    from labkit.grading.similar.pairs import similar_in_class

    renew_penalties(course, assignment)
    everybody = read_class(course, assignment)
    sheet = write_csv(course, assignment, everybody)
    shown = everybody if student is None else read_class(course, assignment, student)
    write_pages(course, assignment, shown)
    pairs = similar_in_class(course, assignment) if any(one.graded for one in everybody) else []
    page = write_class_page(course, assignment, everybody, pairs)
    if as_json:
        print_json({"assignment": assignment, "students": [one.as_json() for one in shown]})
        return
    OUT.print(table(shown, assignment))
    feedback = course.step("feedback") / "STUDENT" / assignment / "index.html"
    for name, path in {"points": sheet, "class": page, "feedback": feedback}.items():
        OUT.print(f"{name}: {path}", markup=False, highlight=False, soft_wrap=True)

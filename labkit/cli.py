"""The `labkit` command: thin over the library.

Exit codes: 0 done, 1 it says no, 2 wrong use. With --json one object goes to stdout and nothing else.
Commands import what they need when they run, so that --help is quick and a student needs no nbgrader.
"""

import functools
import getpass
import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from labkit.errors import CourseError

app = typer.Typer(
    help="Diffusion models, hands on: check your answers, hand them in, grade a class.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
_out = Console()
_err = Console(stderr=True)

CourseOption = Annotated[Path, typer.Option("--course", help="the course's folder")]
JsonOption = Annotated[bool, typer.Option("--json", help="print one JSON object and nothing else")]
AssignmentArgument = Annotated[str, typer.Argument(help="for example task1_swiss_roll")]
StudentOption = Annotated[str | None, typer.Option("--student", help="this one only")]


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Registers a command whose errors are one sentence: CourseError exits with 1."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except CourseError as error:
            _err.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
            raise typer.Exit(1) from None
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            text = f"{where}{error.strerror or error}. Check the path, its permissions and the disk's room."
            _err.print(text, style="red", markup=False, highlight=False, soft_wrap=True)
            raise typer.Exit(1) from None
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in _GRADING_PACKAGES:
                raise
            _err.print(
                f"This command needs {error.name}. "
                'Install the instructor\'s part: pip install "ddpm-lab[grading]"',
                style="red",
                markup=False,
                soft_wrap=True,
            )
            raise typer.Exit(1) from None

    app.command()(run)
    return run


_GRADING_PACKAGES = {
    "dask",
    "distributed",
    "jinja2",
    "jupytext",
    "nbclient",
    "nbconvert",
    "nbgrader",
    "traitlets",
}


def print_json(value: dict[str, Any]) -> None:
    """The one object of --json."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


@command
def check(
    todo: Annotated[str, typer.Argument(help="for example q_sample")],
    file: Annotated[Path, typer.Option("--file", help="a notebook or a Python file with your answer")],
    json_: JsonOption = False,
) -> None:
    """Check an answer in a file, outside Jupyter; exits with 1 where it is not right.

    Example: labkit check q_sample --file notebooks/task1_swiss_roll/02_forward_process.ipynb
    """
    from labkit.answers import load_answers
    from labkit.checks import NamespaceSubject, Verdict, judge
    from labkit.course import TODOS

    if todo not in TODOS:
        raise typer.BadParameter(f"there is no TODO {todo!r}. The TODOs are: {', '.join(TODOS)}.")
    answers = load_answers(file)
    failure = answers["__labkit_answer__"].get(todo) or answers["__labkit_answer__"].get("")
    if todo not in answers and failure:
        verdict = Verdict(todo, 0.0, "raised", f"The code in {file} does not run: {failure}.")
    else:
        verdict = judge(todo, NamespaceSubject(answers))
    if json_:
        print_json(verdict.as_json())
    else:
        _out.print(str(verdict), markup=False, highlight=False, soft_wrap=True)
    if not verdict.passed:
        raise typer.Exit(1)


@command
def release(assignment: AssignmentArgument, course: CourseOption = Path(".")) -> None:
    """Make the students' notebooks and enter the assignment into the gradebook.

    Example: labkit release task1_swiss_roll
    """
    from labkit.grading.build import release as run
    from labkit.grading.course import Course

    for path in run(Course.open(course), assignment):
        _out.print(f"released {path}", markup=False, highlight=False, soft_wrap=True)


@command
def submit(
    folder: Annotated[Path, typer.Argument(help="the assignment's folder")] = Path("."),
    student: Annotated[str, typer.Option("--student", help="your name in the class")] = "",
    json_: JsonOption = False,
) -> None:
    """Pack your notebooks and runs into one zip to hand in; says what is missing.

    Example: labkit submit notebooks/task1_swiss_roll --student ann
    """
    from labkit.grading.submissions import submit as run

    packed = run(folder, student or getpass.getuser())
    if json_:
        print_json({"zip": str(packed.path), "files": packed.files, "missing": packed.missing})
        return
    size = packed.path.stat().st_size / 2**20
    _out.print(f"Packed {len(packed.files)} files into {packed.path} ({size:.1f} MB).", markup=False)
    for sentence in packed.missing:
        _out.print(f"  {sentence}", style="yellow", markup=False)
    if packed.missing:
        _out.print("You can hand it in as it is; what is missing earns no points.")


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
            _out.print(f"{one.zip} {one.status}{reason}", style=style, markup=False, soft_wrap=True)
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
    with Progress(console=_err, transient=True) as progress:
        bar = progress.add_task(f"grading {assignment}", total=None)

        def advance(graded: Graded, of: int) -> None:
            progress.update(bar, total=of, advance=1, description=f"graded {graded.student}")

        results = grade_class(opened, assignment, student, workers, advance)
    for one in results:
        if not one.succeeded:
            _err.print(
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

    opened = make_class(
        Course.open(course), into, lambda text: _err.print(text, markup=False, soft_wrap=True)
    )
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
    _out.print(table(shown, assignment))
    _out.print(f"points: {sheet}", markup=False, highlight=False, soft_wrap=True)
    pages = course.step("feedback") / "STUDENT" / assignment / "index.html"
    _out.print(f"feedback: {pages}", markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    app()

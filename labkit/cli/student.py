"""A student's commands: check an answer, hand the work in."""

import getpass
from pathlib import Path
from typing import Annotated

import typer

from labkit.cli.app import OUT, JsonOption, command, print_json


@command
def check(
    todo: Annotated[str, typer.Argument(help="for example q_sample")],
    file: Annotated[Path, typer.Option("--file", help="a notebook or a Python file with your answer")],
    json_: JsonOption = False,
) -> None:
    """Check an answer in a file, outside Jupyter; exits with 1 where it is not right.

    Example: labkit check q_sample --file notebooks/task1_swiss_roll/02_forward_process.ipynb
    """
    from labkit.course.syllabus import TODOS

    if todo not in TODOS:
        raise typer.BadParameter(f"there is no TODO {todo!r}. The TODOs are: {', '.join(TODOS)}.")
    from labkit.checks import NamespaceSubject, Verdict, judge
    from labkit.course.answers import load_answers

    answers = load_answers(file, [todo])
    failure = answers["__labkit_answer__"].get(todo) or answers["__labkit_answer__"].get("")
    if todo not in answers and failure:
        verdict = Verdict(todo, 0.0, "raised", f"The code in {file} does not run: {failure}.")
    elif todo not in answers:
        verdict = Verdict(todo, 0.0, "missing", f"{file} does not define it: it belongs to {TODOS[todo]}.")
    else:
        verdict = judge(todo, NamespaceSubject(answers))
    if json_:
        print_json(verdict.as_json())
    else:
        OUT.print(str(verdict), markup=False, highlight=False, soft_wrap=True)
        if page := verdict.details.get("page"):
            OUT.print(f"  More about this mistake: {page}", markup=False, highlight=False, soft_wrap=True)
        if todo in answers and failure and not verdict.passed:
            OUT.print(f"  A line that it needs did not run here: {failure}.", markup=False, highlight=False)
    if not verdict.passed:
        raise typer.Exit(1)


@command
def submit(
    folder: Annotated[Path, typer.Argument(help="the assignment's folder")] = Path("."),
    student: Annotated[str, typer.Option("--student", help="your name in the class")] = "",
    json_: JsonOption = False,
) -> None:
    """Pack your notebooks and runs into one zip to hand in; says what is missing or would not be graded.

    The zip lies in the assignment's folder, beside the notebooks.

    Example: labkit submit notebooks/task1_swiss_roll --student ann
    """
    from labkit.course.hand_in import submit as run

    packed = run(folder, student or getpass.getuser())
    if json_:
        said = {"missing": packed.missing, "warnings": packed.warnings}
        print_json({"zip": str(packed.path), "files": packed.files} | said)
        return
    size = packed.path.stat().st_size / 2**20
    OUT.print(
        f"Packed {len(packed.files)} files into {packed.path} ({size:.1f} MB).", markup=False, soft_wrap=True
    )
    for sentence in [*packed.missing, *packed.warnings]:
        OUT.print(f"  {sentence}", style="yellow", markup=False)
    if packed.missing:
        OUT.print("You can hand it in as it is; what is missing earns no points.")
    else:
        OUT.print("Nothing is missing.")
    if not student:
        OUT.print("It is named after your login; --student NAME names it otherwise.")

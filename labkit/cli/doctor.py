"""Is this machine fit for the course?"""

from pathlib import Path
from typing import Annotated

import typer

from labkit.cli.app import OUT, JsonOption, command, print_json


@command
def doctor(
    grading: Annotated[bool, typer.Option("--grading", help="attack the sandbox for students' code")] = False,
    course: Annotated[Path, typer.Option("--course", help="with --grading: the course's folder")] = Path("."),
    json_: JsonOption = False,
) -> None:
    """Look at Python, packages, device, memory, disk and data, and say what to do where something is missing.

    Exits with 1 where something needs a remedy, or the sandbox does not hold.

    Example: labkit doctor
    """
    if grading:
        _attack(course, json_)
        return
    from labkit.course.doctor import examine

    found = examine()
    if json_:
        print_json(found.as_json())
    else:
        OUT.print(str(found), markup=False, highlight=False, soft_wrap=True)
    if not found.ok:
        raise typer.Exit(1)


def _attack(course: Path, as_json: bool) -> None:
    from labkit.grading.course_folder import CONFIG
    from labkit.grading.isolation import find_isolation, program_of
    from labkit.grading.isolation.selftest import attack_sandbox, layers

    kind = find_isolation()
    attempts = attack_sandbox(course.resolve() if (course / CONFIG).is_file() else None)
    held = all(one.held for one in attempts)
    if as_json:
        attacks = [vars(one) for one in attempts]
        print_json({"isolation": kind, "layers": layers(), "held": held, "attacks": attacks})
    else:
        for one in attempts:
            mark, style = ("✓", "green") if one.held else ("✗", "red")
            OUT.print(f"{mark} a cell that {one.what}: {one.said}", style=style, markup=False, soft_wrap=True)
        for layer, gives in layers().items():
            OUT.print(f"{layer}: {gives}", markup=False, highlight=False, soft_wrap=True)
        verdict = "holds" if held else "leaks: do not grade on this machine"
        OUT.print(f"The sandbox ({kind}: {program_of(kind)}) {verdict}.", markup=False, soft_wrap=True)
    if not held:
        raise typer.Exit(1)

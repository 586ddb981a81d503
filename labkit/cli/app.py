"""What all commands share: the app, how errors are said, how --json is printed."""

import functools
import io
import json
import sys
import warnings
from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.console import Console

import labkit
from labkit.errors import CourseError

for _stream in (sys.stdout, sys.stderr):
    if isinstance(_stream, io.TextIOWrapper):  # on Windows a pipe or a file would get no ✓ and no ᾱ
        _stream.reconfigure(encoding="utf-8")

app = typer.Typer(
    help="Diffusion models, hands on: check your answers, hand them in, grade a class.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
OUT = Console()
ERR = Console(stderr=True)

JsonOption = Annotated[bool, typer.Option("--json", help="print one JSON object and nothing else")]


def _say_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"labkit {labkit.__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="print it and exit")
    ] = False,
) -> None:
    """The options of `labkit` itself."""


def command(function: Callable[..., None]) -> Callable[..., None]:
    """Registers a command whose errors are one sentence: CourseError exits with 1."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> None:
        warnings.showwarning = _say_warning  # type: ignore[assignment]  # it needs no more than the text
        try:
            function(*args, **kwargs)
        except CourseError as error:
            ERR.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
            raise typer.Exit(1) from None
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            text = f"{where}{error.strerror or error}. Check the path, its permissions and the disk's room."
            ERR.print(text, style="red", markup=False, highlight=False, soft_wrap=True)
            raise typer.Exit(1) from None
        except ModuleNotFoundError as error:
            if error.name == "resource":
                text = "Grading needs Linux: docs/other-machines.md says what there is elsewhere."
                ERR.print(text, style="red", markup=False, soft_wrap=True)
                raise typer.Exit(1) from None
            if (error.name or "").partition(".")[0] not in _GRADING_PACKAGES:
                raise
            ERR.print(
                f"This command needs {error.name}. "
                "Install the instructor's part: pip install -e '.[grading]' in the course's folder.",
                style="red",
                markup=False,
                soft_wrap=True,
            )
            raise typer.Exit(1) from None

    app.command()(run)
    return run


def _say_warning(message: Warning | str, *_: Any) -> None:
    """A warning as a sentence, without the line of code that it came from."""
    ERR.print(str(message), style="yellow", markup=False, highlight=False, soft_wrap=True)


_GRADING_PACKAGES = {
    "dask",
    "distributed",
    "jinja2",
    "jupytext",
    "nbclient",
    "nbconvert",
    "nbgrader",
    "nh3",
    "sqlalchemy",
    "traitlets",
}


def print_json(value: dict[str, Any]) -> None:
    """The one object of --json; bytes of a file's name that are no text become question marks."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    typer.echo(text.encode("utf-8", "replace").decode())

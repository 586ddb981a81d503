"""Where a student stands: the course's map, and the lesson at hand; read from the saved notebooks."""

import html
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from labkit.appearance import MARKS
from labkit.checks.freshness import fingerprint
from labkit.checks.verdict import MIME
from labkit.course.predictions import guesses_in, of_lesson
from labkit.course.predictions.words import surprises
from labkit.course.syllabus import LESSONS, LOOKS, TASKS, TODOS, Lesson, assignment_of
from labkit.errors import CourseError
from labkit.notebooks.reading import cells_in
from labkit.training.run import RunFolder

DRIVE = Path("/content/drive/MyDrive/ddpm-lab")
"""Where Colab finds the notebooks and keeps results, once Google Drive is mounted."""

_WORDS = {
    "right": "right",
    "partly": "partly right",
    "wrong": "not yet",
    "open": "open",
    "changed": "changed since its check",
}


class Progress:
    """Lessons with their TODOs, runs and looks, and what was not as predicted: a table, or lines."""

    def __init__(
        self, standing: Mapping[str, Mapping[str, str]], links: bool, surprising: Sequence[str] = ()
    ):
        self._standing, self._links, self._surprising = standing, links, surprising
        """lesson → what is to do there → how it stands"""

    def __str__(self) -> str:
        lines = []
        for name, states in self._standing.items():
            lesson = LESSONS[name]
            items = "  ".join(f"{MARKS[state]} {item}" for item, state in states.items())
            lines.append(f"{lesson.number:02d} {lesson.title} ({lesson.minutes} min)  {items}".rstrip())
        if self._surprising:
            lines += ["What surprised you:", *self._surprising]
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        rows = []
        for name, states in self._standing.items():
            lesson = LESSONS[name]
            title = html.escape(f"{lesson.number} · {lesson.title}")
            if self._links:
                title = f"<a href='{assignment_of(name)}/{name}.ipynb'>{title}</a>"
            items = ", ".join(_in_html(item, state) for item, state in states.items())
            rows.append(
                f"<tr><th scope='row' style='text-align:left'>{title}</th>"
                f"<td>{lesson.minutes}&nbsp;min</td>"
                f"<td style='text-align:left'>{items}</td></tr>"
            )
        page = f"<table>{''.join(rows)}</table>"
        if self._surprising:
            items = "".join(f"<li>{html.escape(line)}</li>" for line in self._surprising)
            page += f"<p><b>What surprised you</b></p><ul>{items}</ul>"
        return {"text/plain": str(self), "text/html": page}


def _in_html(item: str, state: str) -> str:
    is_check = item in TODOS or item in LOOKS
    words = f"<code>{item}</code> {_WORDS[state]}" if is_check else item
    return f"{MARKS[state]} {words}".replace(" ", "&nbsp;")  # JupyterLab drops white-space


def course_map(folder: Path | str = ".") -> Progress:
    """All lessons, linked, with what their saved notebooks say of each check, which runs are there, and
    what was a surprise."""
    standing: dict[str, Mapping[str, str]] = {}
    surprising: list[str] = []
    for assignment, lessons in TASKS.items():
        guesses = guesses_in(Path(folder) / assignment)
        for lesson in lessons:
            standing[lesson.name] = _states(Path(folder) / assignment, lesson)
            lines = surprises(guesses, of_lesson(lesson.name))
            surprising += [f"Lesson {lesson.number}, {line}" for line in lines]
    return Progress(standing, links=True, surprising=surprising)


def begin(lesson: str, drive: bool = False) -> Progress:
    """Get ready for a lesson, and show how far its task is, as it was saved last.

    On Colab `drive=True` mounts Google Drive and goes to MyDrive/ddpm-lab/<assignment>: there the earlier
    notebooks are found, and results are kept. Raises CourseError where there is no such lesson, or no Colab.
    """
    assignment = assignment_of(lesson)
    if assignment is None:
        raise CourseError(f"There is no lesson {lesson!r}. The lessons are: {', '.join(LESSONS)}.")
    if drive:
        _go_to_drive(assignment)
    return Progress({one.name: _states(Path(), one) for one in TASKS[assignment]}, links=False)


def _go_to_drive(assignment: str) -> None:
    try:
        from google.colab import drive as colab
    except ImportError:
        raise CourseError(
            "Google Drive can be mounted on Colab only. Here, results are kept beside the notebook."
        ) from None
    colab.mount("/content/drive")
    folder = DRIVE / assignment
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)


def _states(folder: Path, lesson: Lesson) -> dict[str, str]:
    """How each TODO stands, the runs and each look, in the order in which they are done."""
    checks = _checks(folder / f"{lesson.name}.ipynb", (*lesson.todos, *lesson.looks))
    states = {todo: checks[todo] for todo in lesson.todos}
    if lesson.runs:
        there, of = sum(RunFolder(folder / run).is_there for run in lesson.runs), len(lesson.runs)
        states[f"{there} of {of} run{'s' if of > 1 else ''}"] = (
            "right" if there == of else "partly" if there else "open"
        )
    return states | {look: checks[look] for look in lesson.looks}


def _checks(path: Path, names: Sequence[str]) -> dict[str, str]:
    """How the last verdict that was saved of each check stands; open where none was, or nobody can tell."""
    states = dict.fromkeys(names, "open")
    above: list[str] = []
    try:
        for cell in cells_in(path):
            for output in cell.get("outputs", []):
                verdict = output.get("data", {}).get(MIME)
                if verdict and verdict["todo"] in states:
                    states[verdict["todo"]] = _state_of(verdict, above)
            if cell["cell_type"] == "code":
                above.append(cell["source"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # a notebook that cannot be read shows no progress: nothing else depends on it
    return states


def _state_of(verdict: dict[str, Any], above: Sequence[str]) -> str:
    """What a saved verdict says, unless the code `above` its cell is another than the one that was judged."""
    judged, now = verdict.get("code"), fingerprint(verdict["todo"], above)
    if judged and now and judged != now:
        return "changed"
    if not verdict["passed"]:
        return "wrong"
    return "right" if verdict.get("score", 1) == 1 else "partly"

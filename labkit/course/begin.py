"""Where a student stands: the course's map, and the lesson at hand; read from the saved notebooks."""

import html
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from labkit.checks.verdict import MIME
from labkit.course.predictions import guesses_in, of_lesson
from labkit.course.predictions.words import surprises
from labkit.course.syllabus import LESSONS, TASKS, Lesson, assignment_of
from labkit.errors import CourseError
from labkit.notebooks.reading import cells_in

DRIVE = Path("/content/drive/MyDrive/ddpm-lab")
"""Where Colab finds the notebooks and keeps results, once Google Drive is mounted."""

_MARKS = {True: "✓", False: "✗", None: "○"}
_WORDS = {True: "right", False: "not yet", None: "open"}


class Progress:
    """Lessons with their TODOs, and what was not as predicted: a table in a notebook, lines elsewhere."""

    def __init__(
        self,
        lessons: Sequence[Lesson],
        states: dict[str, bool | None],
        links: bool,
        surprising: Sequence[str] = (),
    ):
        self._lessons, self._states, self._links = lessons, states, links
        self._surprising = surprising

    def __str__(self) -> str:
        lines = []
        for lesson in self._lessons:
            todos = "  ".join(f"{_MARKS[self._states[todo]]} {todo}" for todo in lesson.todos)
            lines.append(f"{lesson.number:02d} {lesson.title} ({lesson.minutes} min)  {todos}".rstrip())
        if self._surprising:
            lines += ["What surprised you:", *self._surprising]
        return "\n".join(lines)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        rows = []
        for lesson in self._lessons:
            title = html.escape(f"{lesson.number} · {lesson.title}")
            if self._links:
                title = f"<a href='{assignment_of(lesson.name)}/{lesson.name}.ipynb'>{title}</a>"
            todos = ", ".join(
                f"{_MARKS[self._states[todo]]}&nbsp;<code>{todo}</code>&nbsp;"  # JupyterLab drops white-space
                f"{_WORDS[self._states[todo]].replace(' ', '&nbsp;')}"
                for todo in lesson.todos
            )
            rows.append(
                f"<tr><th scope='row' style='text-align:left'>{title}</th>"
                f"<td>{lesson.minutes}&nbsp;min</td>"
                f"<td style='text-align:left'>{todos or 'to train and to look'}</td></tr>"
            )
        page = f"<table>{''.join(rows)}</table>"
        if self._surprising:
            items = "".join(f"<li>{html.escape(line)}</li>" for line in self._surprising)
            page += f"<p><b>What surprised you</b></p><ul>{items}</ul>"
        return {"text/plain": str(self), "text/html": page}


def course_map(folder: Path | str = ".") -> Progress:
    """All lessons, linked, with what their saved notebooks say of each TODO, and with what was a surprise."""
    states: dict[str, bool | None] = {}
    surprising: list[str] = []
    for assignment, lessons in TASKS.items():
        guesses = guesses_in(Path(folder) / assignment)
        for lesson in lessons:
            states |= _states(Path(folder) / assignment / f"{lesson.name}.ipynb", lesson.todos)
            lines = surprises(guesses, of_lesson(lesson.name))
            surprising += [f"Lesson {lesson.number}, {line}" for line in lines]
    return Progress(list(LESSONS.values()), states, links=True, surprising=surprising)


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
    states: dict[str, bool | None] = {}
    for one in TASKS[assignment]:
        states |= _states(Path(f"{one.name}.ipynb"), one.todos)
    return Progress(TASKS[assignment], states, links=False)


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


def _states(path: Path, todos: Sequence[str]) -> dict[str, bool | None]:
    """Of each TODO: whether the last check that was saved passed; None where none was, or nobody can tell."""
    states: dict[str, bool | None] = dict.fromkeys(todos)
    try:
        for cell in cells_in(path):
            for output in cell.get("outputs", []):
                verdict = output.get("data", {}).get(MIME)
                if verdict and verdict["todo"] in states:
                    states[verdict["todo"]] = bool(verdict["passed"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # a notebook that cannot be read shows no progress: nothing else depends on it
    return states

"""Help with a TODO, a rung at a time, and a second look once it is done.

None of it earns or costs points, and while a submission is graded it does nothing.
"""

import os
import sys
import textwrap
from pathlib import Path
from typing import Any

from labkit.appearance import BLUE, Shown, framed
from labkit.checks import judge_notebook
from labkit.checks.freshness import source_of
from labkit.checks.misconceptions import MISCONCEPTIONS
from labkit.checks.tries import last_verdict
from labkit.checks.verdict import as_html, below_the_line
from labkit.course.clone import Clone
from labkit.course.hints import HINTS
from labkit.course.syllabus import TODOS
from labkit.errors import CourseError
from labkit.notebooks.reading import cells_in, mark_of

__all__ = ["compare", "hint", "model_answer"]

NOT_WHILE_GRADED = "While a submission is graded, there are no hints and no second looks."
NOT_RELEASED = "It does not come with the lessons: your instructor has it."

_HEADINGS = ("The idea", "The parts", "Where to look")


def hint(todo: str, rungs: int = 1) -> None:
    """Show the hints for a TODO; the first `rungs` of three are open, the others folded.

    The last one repeats what the last check found in your present answer. Raises CourseError where there
    is no such TODO.
    """
    if _is_graded():
        return
    answer = sys._getframe(1).f_globals.get(todo)
    verdict = last_verdict(todo, answer)
    known = MISCONCEPTIONS.get((verdict.misconception if verdict else None) or "")
    _show(ladder(todo, rungs, f"The last check said: {known.text}" if known else ""))


def compare(todo: str) -> None:
    """Show your own answer to a TODO beside the course's and two others, once its check is green.

    They are read from the clone of the course's repository that the notebook lies in. Raises CourseError
    where there is no such TODO, or the clone is damaged.
    """
    if _is_graded():
        return
    _demand_todo(todo)
    clone = Clone.around(Path())
    if clone is None:
        print(f"There is nothing to compare {todo} with. {NOT_RELEASED}")
        return
    namespace = sys._getframe(1).f_globals
    if not judge_notebook(todo, namespace).passed:
        print(
            f'{todo} is not right yet, so nothing is shown. check("{todo}") says why, hint("{todo}") helps.'
        )
        return
    shown = {"Yours": _own_code(todo, namespace), "The course's": clone.solution(todo)}
    shown |= {f"Another. {other.says}": other.code for other in clone.other_answers(todo)}
    text = "\n\n".join(f"**{heading}**\n\n```python\n{code}\n```" for heading, code in shown.items())
    _show(Shown(text, text, "text/markdown"))


def model_answer(question: str = "") -> None:
    """Show the model answer and the rubric of a question in words, once you have written and saved your own.

    Without a question it names them all. They are read from the clone of the course's repository that the
    notebook lies in. Raises CourseError where there is no such question, or the clone is damaged.
    """
    if _is_graded():
        return
    clone = Clone.around(Path())
    if clone is None:
        print(f"There is no model answer to {question or 'any question'} here. {NOT_RELEASED}")
        return
    if question not in clone.model_answers:
        known = ", ".join(f"{name} ({answer.lesson[:2]})" for name, answer in clone.model_answers.items())
        named = f"The questions in words, and their lessons: {known}."
        if question:
            raise CourseError(f"There is no question {question!r}. {named}")
        print(named)
        return
    lesson, text = clone.model_answers[question]
    if not _is_answered(question, Path(f"{lesson}.ipynb")):
        print(
            f"First write your own answer to {question} in {lesson}.ipynb, and save (Ctrl+S). "
            "Then run this cell again."
        )
        return
    _show(Shown(text, text, "text/markdown"))


def ladder(todo: str, rungs: int = 1, found: str = "") -> Shown:
    """The hints for a TODO, `found` behind the last; the first `rungs` are open, and text has no others.

    Folded, they need no kernel and no second call, nobody sees more than wanted, and a keyboard opens them.

    Raises CourseError where there is no such TODO, or `rungs` is not 1, 2 or 3.
    """
    _demand_todo(todo)
    if todo not in HINTS:
        raise CourseError(f"Nobody has written hints for {todo} yet.")
    if rungs not in range(1, len(_HEADINGS) + 1):
        raise CourseError(f"There are three rungs, so `rungs` is 1, 2 or 3, not {rungs}.")
    *first, last = HINTS[todo]
    texts = [*first, f"{last} {found}".rstrip()]
    lines = [
        textwrap.fill(f"{number}. {heading}. {text}", width=100, subsequent_indent="   ")
        for number, (heading, text) in enumerate(zip(_HEADINGS, texts, strict=True), 1)
    ]
    text = "\n".join(lines[:rungs])
    if rungs < len(lines):
        text += f'\nThe next of three: hint("{todo}", rungs={rungs + 1})'
    folds = "".join(
        f"<details style='margin:4px 0'{' open' if number <= rungs else ''}>"
        f"<summary style='cursor:pointer'>{number} · {heading}</summary>"
        f"<p style='margin:4px 0 4px 1.2em'>{below_the_line(as_html(words))}</p></details>"
        for number, (heading, words) in enumerate(zip(_HEADINGS, texts, strict=True), 1)
    )
    return Shown(text, framed(BLUE, f"<b>Hints for {todo}</b>{folds}"))


def _is_graded() -> bool:
    """Whether this is the grader's sandbox; says so."""
    graded = os.environ.get("LABKIT_TRAINING") == "off"
    if graded:
        print(NOT_WHILE_GRADED)
    return graded


def _demand_todo(todo: str) -> None:
    if todo not in TODOS:
        raise CourseError(f"There is no TODO {todo!r}. The TODOs are: {', '.join(TODOS)}.")


def _own_code(todo: str, namespace: dict[str, Any]) -> str:
    """The cell that the answer comes from; its own code where it comes from no cell of this notebook."""
    source = source_of(namespace[todo])
    if source is None:
        return "# Python does not know where this answer was written."
    cells = [cell for cell in namespace.get("In", []) if isinstance(cell, str) and source in cell]
    return (cells or [source])[-1].strip()


def _is_answered(question: str, path: Path) -> bool:
    """Whether the saved notebook has an answer in words."""
    from labkit.grading.intake.recognise import is_empty  # a sandbox has none

    try:
        cells = cells_in(path)
    except (OSError, ValueError):
        return False
    return any(mark_of(cell).get("grade_id") == question and not is_empty(cell["source"]) for cell in cells)


def _show(shown: Shown) -> None:
    from IPython.display import display

    display(shown)
